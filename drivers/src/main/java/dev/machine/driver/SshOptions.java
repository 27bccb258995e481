package dev.machine.driver;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What all drivers of machines that are reached by SSH have in common: user, port, key, one-time
 * password, the engine's port; how they are declared, checked, remembered.
 *
 * @param driver the prefix of the options, for example {@code generic}
 */
public record SshOptions(String driver) {
    private static final String USER = "ssh-user";
    private static final String PORT = "ssh-port";
    private static final String KEY = "ssh-key";
    private static final String ENGINE_PORT = "engine-port";
    private static final String ADDRESS = "address";
    private static final Map<String, String> DEFAULTS =
            Map.of(USER, "root", PORT, "22", ENGINE_PORT, "2376");

    /** The options; their variables start with {@code prefix}, for example {@code GENERIC_}. */
    public List<OptionSpec> declare(String prefix) {
        return List.of(
                withDefault(USER, prefix + "SSH_USER", "user to log in as"),
                withDefault(PORT, prefix + "SSH_PORT", "port of the SSH server"),
                OptionSpec.optional(
                        KEY,
                        prefix + "SSH_KEY",
                        "private key to log in with, instead of the usual ones"),
                OptionSpec.secretFromStdin(
                        "ssh-passwd-stdin",
                        "MACHINE_" + prefix + "SSH_PASSWD",
                        "read a password, used once to authorize a key, from standard input"),
                withDefault(ENGINE_PORT, prefix + "ENGINE_PORT", "port of the Docker engine"));
    }

    private static OptionSpec withDefault(String name, String environment, String help) {
        return OptionSpec.withDefault(name, environment, value(Map.of(), name), help);
    }

    /** What is wrong with the values; looks at the key file, but changes nothing. */
    public List<Problem> check(CreateRequest request) {
        List<Problem> problems = new ArrayList<>();
        checkPort(request, PORT).ifPresent(problems::add);
        checkPort(request, ENGINE_PORT).ifPresent(problems::add);
        checkUser(request).ifPresent(problems::add);
        checkKey(request, KEY).ifPresent(problems::add);
        return problems;
    }

    /** What is wrong with the user's name. */
    public Optional<Problem> checkUser(CreateRequest request) {
        String user = value(request.options(), USER);
        return user.startsWith("-") || user.chars().anyMatch(c -> c <= ' ' || c == '@' || c == 127)
                ? Optional.of(problem(USER, "\"" + user + "\" is not a user's name"))
                : Optional.empty();
    }

    /** A problem of one option, named as the user types it. */
    public Problem problem(String option, String sentence) {
        return new Problem("--" + driver + "-" + option, sentence);
    }

    /** What is remembered of a request. */
    public DriverState state(CreateRequest request, String address) {
        Map<String, String> values = new TreeMap<>();
        values.put(ADDRESS, address);
        for (String option : List.of(USER, PORT, ENGINE_PORT)) {
            values.put(option, value(request.options(), option));
        }
        request.option(KEY)
                .ifPresent(key -> values.put(KEY, path(key).toAbsolutePath().toString()));
        return new DriverState(values);
    }

    public SshTarget target(DriverState state) {
        return new SshTarget(
                state.required(ADDRESS),
                state.port(PORT),
                state.required(USER),
                state.find(KEY).map(Path::of));
    }

    public String url(DriverState state) {
        return new EngineUrl(state.required(ADDRESS), state.port(ENGINE_PORT)).toString();
    }

    /** What is wrong with a port. */
    public Optional<Problem> checkPort(CreateRequest request, String option) {
        String port = value(request.options(), option);
        return Ports.parse(port).isPresent()
                ? Optional.empty()
                : Optional.of(
                        problem(option, "\"" + port + "\" is not a port: 1 to 65535 is possible"));
    }

    /** What is wrong with a private key, if one is named; looks at the file. */
    public Optional<Problem> checkKey(CreateRequest request, String option) {
        return request.option(option).flatMap(key -> checkKey(option, key));
    }

    private Optional<Problem> checkKey(String option, String key) {
        Path file;
        try {
            file = path(key);
        } catch (InvalidPathException e) {
            return Optional.of(problem(option, "\"" + key + "\" is not a path"));
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of(problem(option, "SSH key does not exist: \"" + file + "\""));
        }
        return Files.isReadable(file)
                ? Optional.empty()
                : Optional.of(problem(option, "SSH key cannot be read: \"" + file + "\""));
    }

    /** No shell has seen what stands in a file or behind a {@code =}: the tilde is ours to read. */
    public static Path path(String key) {
        return key.startsWith("~/")
                ? Path.of(System.getProperty("user.home"), key.substring(2))
                : Path.of(key);
    }

    private static String value(Map<String, String> options, String name) {
        String value = options.getOrDefault(name, "");
        return value.isEmpty() ? DEFAULTS.getOrDefault(name, "") : value;
    }
}
