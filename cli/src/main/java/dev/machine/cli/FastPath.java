package dev.machine.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.machine.cli.output.ConnectionText;
import dev.machine.cli.output.Console;
import dev.machine.cli.output.Shell;
import dev.machine.common.AtomicFiles;
import dev.machine.common.PidLock;
import dev.machine.provisioning.store.PlainPath;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers exactly {@code config|url|ip|env [--swarm] [--shell S] NAME} without loading the command
 * line parser, because these commands run inside {@code $( )}. Everything else (another option, a
 * record that is missing, broken or not READY) goes to the full command line. A test compares the
 * output of both ways byte for byte.
 */
final class FastPath {
    private FastPath() {}

    /** The command line, if it has one of the forms above. */
    private record Request(String verb, String name, boolean swarm, @Nullable String shell) {}

    /** The fields of a record that the answer needs. */
    private record Found(String url, boolean master) {}

    /** Returns whether the request was answered; the exit code is then 0. */
    static boolean answered(String[] arguments, Console console) {
        Request request = request(arguments);
        Path base = request == null ? null : base(console);
        if (request == null || base == null) {
            return false;
        }
        Path folder = base.resolve("machines").resolve(request.name);
        Found found = read(folder.resolve("machine.json"));
        if (found == null || (request.swarm && !found.master)) {
            return false;
        }
        String text = text(request, found, base.resolve("certs"), List.of(arguments), console);
        if (text == null) {
            return false;
        }
        console.out().print(text);
        console.out().flush();
        if (found.master && !new PidLock(folder.resolve(Store.ENDPOINT_LOCK)).isHeld()) {
            console.err().print(request.name + " is stopped: machine start " + request.name + '\n');
            console.err().flush();
        }
        return true;
    }

    private static @Nullable Request request(String[] arguments) {
        if (arguments.length < 2 || arguments.length > 5) {
            return null;
        }
        String verb = arguments[0];
        boolean env = verb.equals("env");
        if (!env && !verb.equals("config") && !verb.equals("url") && !verb.equals("ip")) {
            return null;
        }
        String name = null;
        String shell = null;
        boolean swarm = false;
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.equals("--swarm") && (env || verb.equals("config")) && !swarm) {
                swarm = true;
            } else if (argument.equals("--shell")
                    && env
                    && shell == null
                    && i + 1 < arguments.length) {
                shell = arguments[++i];
            } else if (name == null && plain(argument)) {
                name = argument;
            } else {
                return null;
            }
        }
        return name == null ? null : new Request(verb, name, swarm, shell);
    }

    private static boolean plain(String name) {
        if (name.isEmpty() || !alphanumeric(name.charAt(0)) || name.contains("..")) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!alphanumeric(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean alphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static @Nullable Path base(Console console) {
        Path base = StorePath.of(Optional.empty(), console);
        return PlainPath.problem(base.toString()) == null ? base : null;
    }

    private static @Nullable String text(
            Request request,
            Found found,
            Path certificates,
            List<String> arguments,
            Console console) {
        return switch (request.verb) {
            case "config" -> ConnectionText.config(certificates, found.url);
            case "url" -> found.url + '\n';
            case "ip" -> ConnectionText.ip(found.url) + '\n';
            default ->
                    Shell.find(Optional.ofNullable(request.shell), console.variable("SHELL"))
                            .map(
                                    shell ->
                                            ConnectionText.env(
                                                    shell,
                                                    certificates,
                                                    found.url,
                                                    request.name,
                                                    Optional.empty(),
                                                    ConnectionText.commandLine(
                                                            console.program(), arguments)))
                            .orElse(null);
        };
    }

    private static @Nullable Found read(Path file) {
        String url = null;
        boolean master = false;
        boolean ready = false;
        boolean current = false;
        try (JsonParser json = new JsonFactory().createParser(AtomicFiles.read(file))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                switch (key) {
                    case "schema" ->
                            current =
                                    value == JsonToken.VALUE_NUMBER_INT && json.getIntValue() == 1;
                    case "phase" -> ready = "READY".equals(json.getText());
                    case "url" -> url = value == JsonToken.VALUE_STRING ? json.getText() : null;
                    case "swarm" -> master = master(json);
                    default -> json.skipChildren();
                }
            }
            // The object must be closed and nothing may follow: the full command line reports a
            // torn record.
            boolean whole = json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
            return whole && current && ready && url != null ? new Found(url, master) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean master(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return false;
        }
        boolean master = false;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (key.equals("master")) {
                master = value == JsonToken.VALUE_TRUE;
            } else {
                json.skipChildren();
            }
        }
        return master;
    }
}
