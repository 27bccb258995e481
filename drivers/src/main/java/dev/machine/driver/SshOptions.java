package dev.machine.driver;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The options of all drivers whose machines are reached by SSH: user, port, key, one-time password,
 * jump host, host key, the engine's port. They are declared, checked and remembered here.
 *
 * @param driver the prefix of the options, for example {@code generic}
 */
public record SshOptions(String driver) {
    private static final String USER = "ssh-user";
    private static final String PORT = "ssh-port";
    private static final String KEY = "ssh-key";
    private static final String ENGINE_PORT = "engine-port";
    private static final String ADDRESS = "address";
    private static final String JUMP = "ssh-jump";
    private static final String TRUST = "ssh-host-key";
    private static final String DEFAULT_ENGINE_PORT = "2376";
    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");

    /** The options; their variables start with {@code prefix}, for example {@code GENERIC_}. */
    public List<OptionSpec> declare(String prefix) {
        return List.of(
                OptionSpec.optional(
                        USER,
                        prefix + "SSH_USER",
                        "user to log in as (default: from ~/.ssh/config, else root)"),
                OptionSpec.optional(
                        PORT,
                        prefix + "SSH_PORT",
                        "port of the SSH server (default: from ~/.ssh/config, else 22)"),
                OptionSpec.optional(
                        KEY,
                        prefix + "SSH_KEY",
                        "private key to log in with, instead of your default keys"),
                OptionSpec.secretFromStdin(
                        "ssh-passwd-stdin",
                        "MACHINE_" + prefix + "SSH_PASSWD",
                        "read a password from standard input; it is used once, to install a key"),
                OptionSpec.optional(
                                JUMP,
                                "MACHINE_SSH_JUMP",
                                "host to go through, as user@host[:port]; none: ignore"
                                        + " ~/.ssh/config and connect directly")
                        .asBare(),
                OptionSpec.optional(
                                TRUST,
                                "MACHINE_SSH_HOST_KEY",
                                "fingerprint of its host key, as SHA256:…; strict: refuse an"
                                        + " unknown host key")
                        .asBare(),
                OptionSpec.withDefault(
                        ENGINE_PORT,
                        prefix + "ENGINE_PORT",
                        DEFAULT_ENGINE_PORT,
                        "port of the Docker engine"));
    }

    /** What is wrong with the values; looks at the key file, but changes nothing. */
    public List<Problem> check(CreateRequest request) {
        List<Problem> problems = new ArrayList<>();
        checkPort(request, PORT).ifPresent(problems::add);
        checkPort(request, ENGINE_PORT).ifPresent(problems::add);
        checkUser(request).ifPresent(problems::add);
        checkKey(request, KEY).ifPresent(problems::add);
        request.option(JUMP)
                .filter(text -> JumpHost.parse(text).isEmpty())
                .map(text -> bare(JUMP, "\"" + text + "\" is not of the form user@host[:port]"))
                .ifPresent(problems::add);
        request.option(TRUST)
                .filter(text -> !text.equals(SshRequest.STRICT))
                .filter(text -> !FINGERPRINT.matcher(text).matches())
                .map(
                        text ->
                                bare(
                                        TRUST,
                                        "\""
                                                + text
                                                + "\" is neither strict nor a fingerprint as"
                                                + " ssh-keygen -l prints it (SHA256:…)"))
                .ifPresent(problems::add);
        return problems;
    }

    /** What is wrong with the user's name. */
    public Optional<Problem> checkUser(CreateRequest request) {
        String user = request.option(USER).orElse("");
        return user.startsWith("-") || user.chars().anyMatch(c -> c <= ' ' || c == '@' || c == 127)
                ? Optional.of(problem(USER, "\"" + user + "\" is not a user's name"))
                : Optional.empty();
    }

    /** A problem of one option, named as the user types it. */
    public Problem problem(String option, String sentence) {
        return new Problem("--" + driver + "-" + option, sentence);
    }

    private static Problem bare(String option, String sentence) {
        return new Problem("--" + option, sentence);
    }

    /** The part of a request that is remembered. */
    public DriverState state(CreateRequest request, String address) {
        Map<String, String> values = new TreeMap<>();
        values.put(ADDRESS, address);
        values.put(ENGINE_PORT, request.option(ENGINE_PORT).orElse(DEFAULT_ENGINE_PORT));
        for (String option : List.of(USER, PORT, JUMP, TRUST)) {
            request.option(option).ifPresent(value -> values.put(option, value));
        }
        request.option(KEY)
                .ifPresent(key -> values.put(KEY, path(key).toAbsolutePath().toString()));
        return new DriverState(values);
    }

    /** How to reach the machine by SSH, from a state that {@link #state} made. */
    public static SshRequest request(DriverState state) {
        return new SshRequest(
                state.required(ADDRESS),
                state.find(PORT).isPresent()
                        ? OptionalInt.of(state.port(PORT))
                        : OptionalInt.empty(),
                state.find(USER),
                key(state),
                state.find(JUMP).flatMap(JumpHost::parse),
                state.find(TRUST),
                Optional.empty());
    }

    /** The host as the user typed it. */
    public static Optional<String> typed(DriverState state) {
        return state.find(ADDRESS);
    }

    /** The private key that the user named. */
    public static Optional<Path> key(DriverState state) {
        return state.find(KEY).map(Path::of);
    }

    /** The host key that the user trusts. */
    public static Optional<String> trust(DriverState state) {
        return state.find(TRUST);
    }

    public String url(DriverState state) {
        return new EngineUrl(state.required(ADDRESS), state.port(ENGINE_PORT)).toString();
    }

    /** What is wrong with a port. */
    public Optional<Problem> checkPort(CreateRequest request, String option) {
        return request.option(option)
                .filter(port -> TcpPort.parse(port).isEmpty())
                .map(
                        port ->
                                problem(
                                        option,
                                        "\"" + port + "\" is not a port: 1 to 65535 is possible"));
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
            return Optional.of(
                    problem(
                            option,
                            Files.exists(file)
                                    ? "SSH key is no file: \"" + file + "\""
                                    : "SSH key does not exist: \"" + file + "\""));
        }
        return Files.isReadable(file)
                ? Optional.empty()
                : Optional.of(problem(option, "SSH key cannot be read: \"" + file + "\""));
    }

    /** A path with its tilde expanded: no shell expands it in a file or after {@code =}. */
    public static Path path(String key) {
        return key.startsWith("~/")
                ? Path.of(System.getProperty("user.home"), key.substring(2))
                : Path.of(key);
    }
}
