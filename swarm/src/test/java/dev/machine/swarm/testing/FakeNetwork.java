package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** One network of a fake engine, as dockerd shows it (moby, daemon/network.go). */
public final class FakeNetwork {
    static final List<String> PREDEFINED = List.of("bridge", "host", "none");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ApiVersion SHOWS_IPV4 = new ApiVersion(1, 48);
    private static final ApiVersion LISTS_NO_CONTAINERS = new ApiVersion(1, 52);
    private static final int ID_BYTES = 32;

    /** 172.17.0.0/16 to 172.31.0.0/16, then 192.168.0.0/20 and so on. */
    private static final int SUBNETS_OF_172 = 15;

    final String id = hex();
    final String name;
    final String driver;
    private final ObjectNode json;
    private final String subnet;
    private final String gateway;
    private final AtomicInteger addresses = new AtomicInteger(1);

    /**
     * A network as a client asked for it.
     *
     * @param number of the subnet that it gets if the client asked for none
     */
    public FakeNetwork(JsonNode asked, int number, ApiVersion newest) {
        name = asked.path("Name").asText();
        String wanted = asked.path("Driver").asText("");
        driver = wanted.isEmpty() ? "bridge" : wanted;
        json = JSON.objectNode();
        json.put("Name", name).put("Id", id).put("Created", Instant.now().toString());
        json.put("Scope", "local").put("Driver", driver);
        if (newest.compareTo(SHOWS_IPV4) >= 0) {
            json.put("EnableIPv4", asked.path("EnableIPv4").asBoolean(true));
        }
        json.put("EnableIPv6", asked.path("EnableIPv6").asBoolean());
        ObjectNode ipam = json.putObject("IPAM");
        String ipamDriver = asked.path("IPAM").path("Driver").asText("");
        ipam.put("Driver", ipamDriver.isEmpty() ? "default" : ipamDriver);
        ipam.set("Options", given(asked.path("IPAM"), "Options", JSON.nullNode()));
        JsonNode config = asked.path("IPAM").path("Config");
        ipam.set("Config", config.isEmpty() ? automatic(number, newest) : config.deepCopy());
        subnet = ipam.path("Config").path(0).path("Subnet").asText("");
        String first = subnet.replaceFirst("[0-9]+/[0-9]+$", "1");
        gateway = ipam.path("Config").path(0).path("Gateway").asText(first);
        json.put("Internal", asked.path("Internal").asBoolean());
        json.put("Attachable", asked.path("Attachable").asBoolean());
        json.put("Ingress", false);
        json.set("ConfigFrom", given(asked, "ConfigFrom", JSON.objectNode().put("Network", "")));
        json.put("ConfigOnly", asked.path("ConfigOnly").asBoolean()).putObject("Containers");
        json.set("Options", given(asked, "Options", JSON.objectNode()));
        json.set("Labels", given(asked, "Labels", JSON.objectNode()));
    }

    /** As the list shows the three networks that every engine has. */
    public static ArrayNode predefined(ApiVersion newest) {
        ArrayNode list = JSON.arrayNode();
        for (String name : PREDEFINED) {
            list.add(predefined(name, newest).listed(newest));
        }
        return list;
    }

    static FakeNetwork predefined(String name, ApiVersion newest) {
        String driver = name.equals("none") ? "null" : name;
        ObjectNode asked = JSON.objectNode().put("Name", name).put("Driver", driver);
        return new FakeNetwork(asked, 0, newest);
    }

    private static JsonNode given(JsonNode asked, String key, JsonNode otherwise) {
        JsonNode value = asked.path(key);
        return value.isObject() ? value.deepCopy() : otherwise;
    }

    /** Networks of the drivers host and null have no addresses. */
    private JsonNode automatic(int number, ApiVersion newest) {
        ArrayNode config = JSON.arrayNode();
        if (driver.equals("host") || driver.equals("null")) {
            return newest.compareTo(FakeNetworks.SEVERAL_AT_CREATE) < 0 ? config : JSON.nullNode();
        }
        int late = (number - SUBNETS_OF_172) * 16 & 0xf0;
        String prefix =
                number < SUBNETS_OF_172 ? "172." + (17 + number) + ".0." : "192.168." + late + ".";
        String mask = number < SUBNETS_OF_172 ? "/16" : "/20";
        config.addObject().put("Subnet", prefix + "0" + mask).put("Gateway", prefix + "1");
        return config;
    }

    JsonNode labels() {
        return json.path("Labels");
    }

    boolean predefined() {
        return PREDEFINED.contains(name);
    }

    /** An entry of the list; it never tells of containers. */
    public ObjectNode listed(ApiVersion newest) {
        ObjectNode entry = json.deepCopy();
        if (newest.compareTo(LISTS_NO_CONTAINERS) >= 0) {
            entry.remove("Containers");
        }
        return entry;
    }

    /** With the containers that run in it. */
    ObjectNode inspected(List<FakeContainer> attached) {
        ObjectNode details = json.deepCopy();
        ObjectNode containers = details.putObject("Containers");
        for (FakeContainer container : attached) {
            JsonNode endpoint = container.networks.get(name);
            String ip = endpoint.path("IPAddress").asText("");
            containers
                    .putObject(container.id)
                    .put("Name", container.name)
                    .put("EndpointID", endpoint.path("EndpointID").asText())
                    .put("MacAddress", endpoint.path("MacAddress").asText())
                    .put("IPv4Address", ip.isEmpty() ? "" : ip + mask())
                    .put("IPv6Address", "");
        }
        return details;
    }

    private String mask() {
        return subnet.substring(subnet.indexOf('/'));
    }

    /** What a container that runs in it has of it. */
    ObjectNode running(ObjectNode idle) {
        ObjectNode endpoint = idle.deepCopy();
        endpoint.put("NetworkID", id).put("EndpointID", hex());
        if (!subnet.isEmpty()) {
            int host = addresses.incrementAndGet();
            String address = idle.path("IPAMConfig").path("IPv4Address").asText("");
            String next = subnet.replaceFirst("[0-9]+/[0-9]+$", "" + host);
            endpoint.put("Gateway", gateway).put("IPAddress", address.isEmpty() ? next : address);
            endpoint.put("IPPrefixLen", Integer.parseInt(mask().substring(1)));
            if (idle.path("MacAddress").asText("").isEmpty()) {
                endpoint.put("MacAddress", macAddress(endpoint.path("IPAddress").asText()));
            }
        }
        return endpoint;
    }

    private static String macAddress(String ip) {
        StringBuilder address = new StringBuilder("02:42");
        for (String part : ip.split("[.]")) {
            address.append(":%02x".formatted(Integer.parseInt(part)));
        }
        return address.toString();
    }

    private static String hex() {
        byte[] bytes = new byte[ID_BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
