package dev.machine.swarm.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * What fake engines pull from and ask for platforms: it knows images by their familiar names, can
 * hang, keep a pull going, and says who pulled what.
 */
public final class FakeRegistry {
    private final Map<String, String[]> images = new ConcurrentHashMap<>();
    private final List<String> pulls = new CopyOnWriteArrayList<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch questionsHang = new CountDownLatch(0);
    private volatile CountDownLatch pullsHang = new CountDownLatch(0);
    private volatile String credentials = "";
    private final Map<String, String[]> refusals = new ConcurrentHashMap<>();

    /** An image for some platforms, written {@code linux/arm/v7}. */
    public FakeRegistry has(String familiar, String... platforms) {
        images.put(familiar, platforms);
        return this;
    }

    /** The engines answer so to a pull of this repository, before any progress. */
    public void refuses(String repository, int status, String message) {
        refusesOn("", repository, status, message);
    }

    /** One engine does. */
    public void refusesOn(String engine, String repository, int status, String message) {
        refusals.put(engine + " " + repository, new String[] {"" + status, message});
    }

    /** From now on it gives nothing without these. */
    public void wants(String auth) {
        credentials = auth;
    }

    public void hangQuestions() {
        questionsHang = new CountDownLatch(1);
    }

    public void hangPulls() {
        pullsHang = new CountDownLatch(1);
    }

    public void goOn() {
        questionsHang.countDown();
        pullsHang.countDown();
    }

    /** Every pull that was begun: node, blank, image, and platform if one was asked. */
    public List<String> pulls() {
        return List.copyOf(pulls);
    }

    /** The names whose platforms were asked for. */
    public List<String> questions() {
        return List.copyOf(questions);
    }

    boolean answers(HttpExchange exchange, String path, FakeEngine engine)
            throws IOException, InterruptedException {
        if (path.startsWith("/distribution/")) {
            platforms(exchange, path.replaceAll("^/distribution/|/json$", ""));
            return true;
        }
        if (path.equals("/images/create")) {
            pull(exchange, engine);
            return true;
        }
        return images(exchange, path, engine);
    }

    private void platforms(HttpExchange exchange, String name)
            throws IOException, InterruptedException {
        questions.add(name);
        questionsHang.await();
        String[] platforms = images.get(name);
        if (platforms == null) {
            FakeEngine.send(exchange, 404, "{\"message\":\"manifest unknown: manifest unknown\"}");
            return;
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode all = answer.putArray("Platforms");
        for (String platform : platforms) {
            String[] parts = platform.split("/");
            ObjectNode one = all.addObject().put("os", parts[0]).put("architecture", parts[1]);
            if (parts.length > 2) {
                one.put("variant", parts[2]);
            }
        }
        FakeEngine.send(exchange, 200, answer.toString());
    }

    private void pull(HttpExchange exchange, FakeEngine engine)
            throws IOException, InterruptedException {
        String from = parameter(exchange, "fromImage");
        String tag = parameter(exchange, "tag");
        String name = from + (tag.contains(":") ? "@" : ":") + tag;
        String platform = parameter(exchange, "platform");
        pulls.add(engine.name() + " " + name + (platform.isEmpty() ? "" : " " + platform));
        String auth = exchange.getRequestHeaders().getFirst("X-Registry-Auth");
        if (!credentials.isEmpty() && !credentials.equals(auth)) {
            FakeEngine.send(exchange, 404, "{\"message\":\"pull access denied for " + from + "\"}");
            return;
        }
        String[] refusal =
                refusals.getOrDefault(engine.name() + " " + from, refusals.get(" " + from));
        if (refusal != null) {
            FakeEngine.send(
                    exchange, Integer.parseInt(refusal[0]), "{\"message\":\"" + refusal[1] + "\"}");
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write("{\"status\":\"Pulling from x\"}\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        pullsHang.await();
        if (images.containsKey(name)) {
            engine.image("sha256:" + Integer.toHexString(name.hashCode()), name, 1);
        } else {
            out.write(
                    "{\"errorDetail\":{\"message\":\"manifest unknown\"},\"error\":\"x\"}\r\n"
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean images(HttpExchange exchange, String path, FakeEngine engine)
            throws IOException {
        String name = path.replaceAll("^/images/|/(tag|push|json|history)$", "");
        String method = exchange.getRequestMethod();
        if (!path.startsWith("/images/")) {
            return false;
        }
        if (path.equals("/images/prune")) {
            FakeEngine.send(
                    exchange,
                    200,
                    "{\"ImagesDeleted\":[{\"Deleted\":\""
                            + engine.name()
                            + "\"}],\"SpaceReclaimed\":5}");
        } else if (method.equals("DELETE")) {
            engine.images().removeIf(image -> image.path("RepoTags").toString().contains(name));
            engine.event("image", "untag", name, name);
            FakeEngine.send(exchange, 200, "[{\"Untagged\":\"" + name + "\"}]");
        } else if (path.endsWith("/tag")) {
            String to = parameter(exchange, "repo") + ":" + parameter(exchange, "tag");
            engine.image("sha256:" + Integer.toHexString(name.hashCode()), to, 1);
            FakeEngine.send(exchange, 201, "");
        } else if (path.endsWith("/push")) {
            String auth = exchange.getRequestHeaders().getFirst("X-Registry-Auth");
            FakeEngine.send(exchange, 200, "{\"status\":\"" + name + " by " + auth + "\"}");
        } else {
            return false;
        }
        return true;
    }

    private static String parameter(HttpExchange exchange, String key) {
        for (String pair : ("" + exchange.getRequestURI().getRawQuery()).split("&")) {
            if (pair.startsWith(key + "=")) {
                return URLDecoder.decode(pair.substring(key.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }
}
