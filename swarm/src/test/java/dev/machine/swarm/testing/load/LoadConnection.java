package dev.machine.swarm.testing.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.testing.load.LoadEngine.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one connection to a {@link LoadEngine}. */
final class LoadConnection implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "Api-Version: 1.45\r\nContent-Type: application/json\r\n";
    private static final String VERSION =
            "{\"Version\":\"26.1.5\",\"ApiVersion\":\"1.45\",\"MinAPIVersion\":\"1.24\",\"Os\":\"linux\",\"Arch\":\"%s\"}";
    private static final String IMAGE =
            "{\"Id\":\"%s\",\"RepoTags\":[\"%s\"],\"Architecture\":\"%s\",\"Os\":\"linux\"}";
    private static final String DISTRIBUTION =
            "{\"Descriptor\":{\"mediaType\":\"application/vnd.docker.distribution.manifest.list.v2+json\","
                    + "\"digest\":\"sha256:%s\",\"size\":1},"
                    + "\"Platforms\":[%s]}";
    private static final String PLATFORM = "{\"architecture\":\"%s\",\"os\":\"linux\"}";

    private final Socket socket;
    private final LoadEngine engine;
    private final LoadEngines fakes;

    LoadConnection(Socket socket, LoadEngine engine, LoadEngines fakes) {
        this.socket = socket;
        this.engine = engine;
        this.fakes = fakes;
    }

    @Override
    public void run() {
        try (socket) {
            OutputStream out = socket.getOutputStream();
            HttpMessage.Reader in = new HttpMessage.Reader(socket.getInputStream());
            for (HttpMessage request = in.next(); request != null; request = in.next()) {
                String target = request.second();
                if (bare(target).equals("/events")) {
                    events(out);
                    return;
                }
                Answer answer = answer(request, target);
                String headers = answer.status() == 204 ? "Api-Version: 1.45\r\n" : TYPE;
                HttpMessage.write(
                        out, "HTTP/1.1 " + answer.status() + " x", headers, answer.body());
            }
        } catch (IOException e) {
            // The other side went away.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The path without its version and query. */
    private static String bare(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return path.startsWith("/v1.") ? path.substring(path.indexOf('/', 1)) : path;
    }

    private Answer answer(HttpMessage request, String target)
            throws IOException, InterruptedException {
        String method = request.start().substring(0, request.start().indexOf(' '));
        String path = bare(target);
        String[] parts = path.substring(1).split("/");
        switch (parts[0]) {
            case "_ping":
                return text("OK");
            case "version":
                return text(VERSION.formatted(engine.architecture()));
            case "info":
                return Answer.of(200, engine.info());
            case "containers":
                return containers(method, parts, target, request.body());
            case "networks":
                fakes.count(method + " " + (parts.length > 1 ? "network" : "networks"));
                return engine.networks().answer(method, parts, JSON.readTree(request.body()));
            case "images":
                return images(method, path, target);
            case "distribution":
                fakes.count("GET distribution");
                return text(DISTRIBUTION.formatted("d".repeat(64), platforms(path)));
            default:
                fakes.count(method + " " + path);
                return Answer.problem(404, "page not found");
        }
    }

    private static String platforms(String image) {
        return LoadEngine.architectures(image).stream()
                .map(PLATFORM::formatted)
                .collect(Collectors.joining(","));
    }

    private static Answer text(String json) {
        return new Answer(200, json.getBytes(StandardCharsets.UTF_8));
    }

    private Answer containers(String method, String[] parts, String target, byte[] body)
            throws IOException, InterruptedException {
        String last = parts[parts.length - 1];
        if (parts.length == 2 && last.equals("json")) {
            String filters = query(target, "filters");
            fakes.count(filters.isEmpty() ? "GET full list" : "GET list");
            return Answer.of(200, engine.list(filters));
        }
        if (parts.length == 2 && last.equals("create")) {
            fakes.count("POST create");
            TimeUnit.MILLISECONDS.sleep(fakes.createDelay());
            return engine.create(query(target, "name"), body);
        }
        LoadContainer box = engine.box(parts[1]);
        String action = parts.length == 2 ? method : last;
        fakes.count(action.equals("json") ? "GET inspect" : method + " " + action);
        if (box == null) {
            return Answer.problem(404, "No such container: " + parts[1]);
        }
        return switch (action) {
            case "json" -> Answer.of(200, box.details());
            case "start" -> engine.start(box);
            case "stop", "kill" -> engine.stop(box);
            case "DELETE" -> engine.remove(box);
            default -> Answer.problem(501, "the bench's engine cannot " + action);
        };
    }

    private Answer images(String method, String path, String target)
            throws IOException, InterruptedException {
        if (path.equals("/images/json")) {
            fakes.count("GET images");
            return Answer.of(200, engine.imageList());
        }
        if (path.equals("/images/create")) {
            String tag = query(target, "tag");
            String image = query(target, "fromImage") + (tag.isEmpty() ? "" : ":" + tag);
            fakes.count("POST pull");
            fakes.pulled(engine.name, image);
            TimeUnit.MILLISECONDS.sleep(fakes.pullDelay());
            engine.pulled(image);
            return text("{\"status\":\"Status: Downloaded newer image for " + image + "\"}\n");
        }
        fakes.count(method + " image");
        String image =
                URLDecoder.decode(
                        path.substring("/images/".length()).replaceFirst("/json$", ""),
                        StandardCharsets.UTF_8);
        String tag = engine.tagOf(image);
        return tag.isEmpty()
                ? Answer.problem(404, "No such image: " + image)
                : text(IMAGE.formatted(engine.imageId(tag), tag, engine.architecture(tag)));
    }

    private static String query(String target, String key) {
        @Nullable String found = null;
        for (String pair : target.substring(target.indexOf('?') + 1).split("&")) {
            if (pair.startsWith(key + "=")) {
                found = pair.substring(key.length() + 1);
            }
        }
        return found == null ? "" : URLDecoder.decode(found, StandardCharsets.UTF_8);
    }

    private void events(OutputStream out) throws IOException, InterruptedException {
        LinkedBlockingQueue<String> queue = engine.listen();
        try {
            out.write(
                    ("HTTP/1.1 200 OK\r\n" + TYPE + "Transfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            while (true) {
                byte[] line = queue.take().getBytes(StandardCharsets.UTF_8);
                String size = Integer.toHexString(line.length);
                out.write(
                        (size + "\r\n" + new String(line, StandardCharsets.UTF_8) + "\r\n")
                                .getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } finally {
            engine.leave(queue);
        }
    }
}
