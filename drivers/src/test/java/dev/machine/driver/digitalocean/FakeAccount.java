package dev.machine.driver.digitalocean;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The state behind {@link FakeDigitalOcean}: what a request changes and what it is answered. */
public final class FakeAccount {
    /** Actions have long outgrown 31 bits. */
    private static final long FIRST_ACTION = 2_900_000_000L;

    private static final Pattern DROPLET = Pattern.compile("/v2/droplets/([0-9]+)(/actions)?");
    private static final Pattern KEY = Pattern.compile("/v2/account/keys/([0-9a-f:]+)");
    private static final Pattern TAG = Pattern.compile("/v2/tags/([^/]+)");
    private static final Pattern IMAGE = Pattern.compile("/v2/images/([^/?]+)");

    private final FakeDigitalOcean.Cloud cloud;
    private final FakeOffers offers = new FakeOffers();
    private final Map<Integer, JsonObject> droplets = new TreeMap<>();
    private final Map<Integer, Integer> looks = new TreeMap<>();
    private final Map<String, JsonObject> keys = new TreeMap<>();
    private final List<String> removedTags = new ArrayList<>();
    private int nextDroplet = 541_000_001;
    private long nextAction = FIRST_ACTION;
    int looksUntilAddress = 1;

    record Reply(int status, String body) {}

    FakeAccount(FakeDigitalOcean.Cloud cloud) {
        this.cloud = cloud;
    }

    public synchronized List<JsonObject> droplets() {
        return List.copyOf(droplets.values());
    }

    public synchronized List<JsonObject> keys() {
        return List.copyOf(keys.values());
    }

    public synchronized List<String> removedTags() {
        return List.copyOf(removedTags);
    }

    static String error(String message) {
        JsonObject error = new JsonObject();
        error.addProperty("id", "error");
        error.addProperty("message", message);
        return error.toString();
    }

    synchronized Reply answer(String method, String pathAndQuery, String body) {
        String path = pathAndQuery.replaceFirst("\\?.*", "");
        String tag =
                pathAndQuery.contains("tag_name=")
                        ? pathAndQuery.replaceFirst(".*tag_name=([^&]*).*", "$1")
                        : "";
        return switch (method + " " + path) {
            case "GET /v2/regions" -> ok(offers.regions());
            case "GET /v2/sizes" -> ok(offers.sizes());
            case "GET /v2/images" -> ok(offers.images());
            case "GET /v2/droplets" -> ok(FakeDigitalOcean.list("droplets", tagged(tag)));
            case "POST /v2/droplets" -> create(object(body));
            case "POST /v2/account/keys" -> addKey(object(body));
            default -> one(method, path, body);
        };
    }

    private Reply one(String method, String path, String body) {
        Matcher droplet = DROPLET.matcher(path);
        if (droplet.matches()) {
            return droplet(method, Integer.parseInt(droplet.group(1)), body);
        }
        Matcher key = KEY.matcher(path);
        if (key.matches()) {
            return key(method, key.group(1));
        }
        Matcher tag = TAG.matcher(path);
        if (tag.matches() && method.equals("DELETE")) {
            removedTags.add(tag.group(1));
            return new Reply(204, "");
        }
        Matcher image = IMAGE.matcher(path);
        if (image.matches()) {
            return offers.image(image.group(1))
                    .map(it -> ok(wrapped("image", it)))
                    .orElse(missing());
        }
        return missing();
    }

    private Reply key(String method, String fingerprint) {
        if (!keys.containsKey(fingerprint)) {
            return missing();
        }
        if (method.equals("DELETE")) {
            keys.remove(fingerprint);
            return new Reply(204, "");
        }
        return ok(wrapped("ssh_key", keys.get(fingerprint)));
    }

    private Reply addKey(JsonObject key) {
        String fingerprint = Fingerprint.of(key.get("public_key").getAsString());
        if (keys.containsKey(fingerprint)) {
            return new Reply(422, error("SSH Key is already in use on your account"));
        }
        key.addProperty("id", 512_000 + keys.size());
        key.addProperty("fingerprint", fingerprint);
        keys.put(fingerprint, key);
        return new Reply(201, wrapped("ssh_key", key).toString());
    }

    private Reply create(JsonObject order) {
        if (!offers.has(order)) {
            return new Reply(422, error("You specified an invalid region, size or image"));
        }
        JsonObject droplet = new JsonObject();
        int id = nextDroplet++;
        droplet.addProperty("id", id);
        droplet.addProperty("name", order.get("name").getAsString());
        droplet.addProperty("status", "new");
        droplet.addProperty("size_slug", order.get("size").getAsString());
        droplet.add("tags", order.has("tags") ? order.get("tags") : new JsonArray());
        droplet.addProperty("created_at", "2026-01-01T00:00:00Z");
        droplet.add("networks", JsonParser.parseString("{\"v4\":[],\"v6\":[]}"));
        droplet.add("order", order);
        droplets.put(id, droplet);
        looks.put(id, 0);
        JsonObject answer = wrapped("droplet", shown(droplet));
        answer.add(
                "links",
                JsonParser.parseString(
                        "{\"actions\":[{\"id\":%d,\"rel\":\"create\",\"href\":\"x\"}]}"
                                .formatted(nextAction++)));
        return new Reply(202, answer.toString());
    }

    private Reply droplet(String method, int id, String body) {
        JsonObject droplet = droplets.get(id);
        if (droplet == null) {
            return missing();
        }
        return switch (method) {
            case "DELETE" -> {
                droplets.remove(id);
                cloud.remove(droplet);
                yield new Reply(204, "");
            }
            case "POST" -> act(droplet, object(body).get("type").getAsString());
            default -> {
                age(id, droplet);
                yield ok(wrapped("droplet", shown(droplet)));
            }
        };
    }

    /** A droplet that is looked at often enough has an address, and is on. */
    private void age(int id, JsonObject droplet) {
        if (droplet.get("status").getAsString().equals("new")
                && looks.merge(id, 1, Integer::sum) >= looksUntilAddress) {
            cloud.boot(droplet).ifPresent(address -> started(droplet, address));
        }
    }

    private static void started(JsonObject droplet, String address) {
        droplet.add(
                "networks",
                JsonParser.parseString(
                        """
                        {"v4": [{"ip_address": "10.104.0.2", "netmask": "255.255.240.0", "type": "private"},
                                {"ip_address": "%s", "netmask": "255.255.240.0", "type": "public"}], "v6": []}
                        """
                                .formatted(address)));
        droplet.addProperty("status", "active");
    }

    private Reply act(JsonObject droplet, String type) {
        if (droplet.get("status").getAsString().equals("new")) {
            return new Reply(422, error("Droplet already has a pending event."));
        }
        boolean on = droplet.get("status").getAsString().equals("active");
        if (on == type.equals("power_on")) {
            return new Reply(422, error("Droplet is already powered " + (on ? "on" : "off")));
        }
        cloud.power(droplet, type);
        droplet.addProperty(
                "status", type.equals("power_on") || type.equals("reboot") ? "active" : "off");
        return new Reply(
                201,
                """
                {"action": {"id": %d, "status": "in-progress", "type": "%s", "resource_type": "droplet"}}
                """
                        .formatted(nextAction++, type));
    }

    private List<JsonObject> tagged(String tag) {
        return droplets.values().stream()
                .filter(it -> it.get("tags").toString().contains("\"" + tag + "\""))
                .sorted(Comparator.comparingInt(it -> -it.get("id").getAsInt()))
                .map(FakeAccount::shown)
                .toList();
    }

    /** As it is answered: what it was ordered by is not told again. */
    private static JsonObject shown(JsonObject droplet) {
        JsonObject shown = droplet.deepCopy();
        shown.remove("order");
        return shown;
    }

    private static JsonObject object(String body) {
        return JsonParser.parseString(body).getAsJsonObject();
    }

    private static JsonObject wrapped(String name, JsonObject content) {
        JsonObject answer = new JsonObject();
        answer.add(name, content);
        return answer;
    }

    private static Reply ok(JsonObject body) {
        return new Reply(200, body.toString());
    }

    private static Reply missing() {
        return new Reply(404, error("The resource you were accessing could not be found."));
    }
}
