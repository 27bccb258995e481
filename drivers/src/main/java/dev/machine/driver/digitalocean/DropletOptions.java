package dev.machine.driver.digitalocean;

import dev.machine.driver.CreateRequest;
import dev.machine.driver.OptionSpec;
import dev.machine.driver.Problem;
import dev.machine.driver.SshOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The options of one droplet, with the names and variables of docker-machine's driver digitalocean;
 * {@code api-url} is our addition.
 */
record DropletOptions(CreateRequest request) {
    static final SshOptions SSH = new SshOptions("digitalocean");
    static final String TOKEN = "access-token";
    static final String TOKEN_VARIABLE = "DIGITALOCEAN_ACCESS_TOKEN";
    static final String REGION = "region";
    static final String SIZE = "size";
    static final String IMAGE = "image";
    static final String FINGERPRINT = "ssh-key-fingerprint";
    static final String USER = "ssh-user";
    static final String PORT = "ssh-port";
    static final String API_URL = "api-url";

    private static final String KEY_PATH = "ssh-key-path";
    private static final String USER_DATA = "userdata";
    private static final String TAGS = "tags";
    private static final String DEFAULT_API = "https://api.digitalocean.com";
    private static final String DEFAULT_REGION = "nyc3";
    private static final String DEFAULT_SIZE = "s-1vcpu-1gb";

    /** DigitalOcean's API reference, "Tags". */
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_:-]{1,255}");

    static List<OptionSpec> options() {
        return List.of(
                OptionSpec.secret(TOKEN, TOKEN_VARIABLE, "access token of your account, or @FILE"),
                OptionSpec.withDefault(REGION, variable("REGION"), DEFAULT_REGION, "region"),
                OptionSpec.withDefault(SIZE, variable("SIZE"), DEFAULT_SIZE, "size of the droplet"),
                OptionSpec.optional(IMAGE, variable("IMAGE"), "image (default: the newest Debian)"),
                OptionSpec.withDefault(USER, variable("SSH_USER"), "root", "user to log in as"),
                OptionSpec.withDefault(PORT, variable("SSH_PORT"), "22", "port of the SSH server"),
                OptionSpec.optional(
                        FINGERPRINT,
                        variable("SSH_KEY_FINGERPRINT"),
                        "a key of your account to log in with, instead of a new one"),
                OptionSpec.optional(
                        KEY_PATH,
                        variable("SSH_KEY_PATH"),
                        "private key that belongs to that fingerprint"),
                OptionSpec.flag("ipv6", variable("IPV6"), "give it an IPv6 address too"),
                OptionSpec.flag(
                        "private-networking",
                        variable("PRIVATE_NETWORKING"),
                        "give it a private address too"),
                OptionSpec.flag("backups", variable("BACKUPS"), "back it up weekly"),
                OptionSpec.flag("monitoring", variable("MONITORING"), "monitor it"),
                OptionSpec.optional(
                        USER_DATA, variable("USERDATA"), "file with more settings for cloud-init"),
                OptionSpec.optional(TAGS, variable("TAGS"), "tags, separated by commas"),
                OptionSpec.withDefault(
                        API_URL, variable("API_URL"), DEFAULT_API, "URL of the API"));
    }

    private static String variable(String rest) {
        return "DIGITALOCEAN_" + rest;
    }

    /** The problems that can be found without a request. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (request.option(TOKEN).isEmpty()) {
            problems.add(
                    SSH.problem(
                            TOKEN,
                            "digitalocean needs a token: give this option or set "
                                    + TOKEN_VARIABLE));
        }
        Stream.of(
                        SSH.checkUser(request),
                        SSH.checkPort(request, PORT),
                        SSH.checkKey(request, KEY_PATH),
                        keyWithoutFingerprint(),
                        userDataProblem(),
                        tagProblem(),
                        urlProblem())
                .flatMap(Optional::stream)
                .forEach(problems::add);
        return problems;
    }

    private Optional<Problem> keyWithoutFingerprint() {
        return request.option(KEY_PATH).isPresent() && fingerprint().isEmpty()
                ? Optional.of(
                        SSH.problem(
                                FINGERPRINT,
                                "say which key of your account --digitalocean-ssh-key-path is"))
                : Optional.empty();
    }

    private Optional<Problem> userDataProblem() {
        try {
            int length = userData().map(data -> data.length).orElse(0);
            return length <= UserData.MAX_USER_BYTES
                    ? Optional.empty()
                    : Optional.of(
                            SSH.problem(
                                    USER_DATA,
                                    "the file has %d bytes, and no more than %d reach a droplet"
                                            .formatted(length, UserData.MAX_USER_BYTES)));
        } catch (IOException | InvalidPathException e) {
            return Optional.of(
                    SSH.problem(
                            USER_DATA,
                            "cannot read the file \""
                                    + request.option(USER_DATA).orElse("")
                                    + "\""));
        }
    }

    private Optional<Problem> tagProblem() {
        return tags().stream()
                .filter(tag -> !TAG.matcher(tag).matches())
                .findFirst()
                .map(
                        tag ->
                                SSH.problem(
                                        TAGS,
                                        "\""
                                                + tag
                                                + "\" is not a tag: letters, digits, '_', '-' and"
                                                + " ':' are possible"));
    }

    private Optional<Problem> urlProblem() {
        try {
            URI url = new URI(request.option(API_URL).orElse(DEFAULT_API));
            if (url.getHost() != null
                    && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
                return Optional.empty();
            }
        } catch (URISyntaxException e) {
            // The problem below covers this too.
        }
        return Optional.of(SSH.problem(API_URL, "it is not of the form https://HOST"));
    }

    /** The token as given, or a reference to a file. */
    String token() {
        return request.option(TOKEN).orElse("");
    }

    String apiUrl() {
        return request.option(API_URL).orElse(DEFAULT_API);
    }

    String region() {
        return request.option(REGION).orElse(DEFAULT_REGION);
    }

    String size() {
        return request.option(SIZE).orElse(DEFAULT_SIZE);
    }

    Optional<String> image() {
        return request.option(IMAGE);
    }

    String user() {
        return request.option(USER).orElse("root");
    }

    String port() {
        return request.option(PORT).orElse("22");
    }

    Optional<String> fingerprint() {
        return request.option(FINGERPRINT);
    }

    Optional<Path> keyPath() {
        return request.option(KEY_PATH).map(SshOptions::path).map(Path::toAbsolutePath);
    }

    Optional<byte[]> userData() throws IOException {
        Optional<String> file = request.option(USER_DATA);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(Files.readAllBytes(SshOptions.path(file.get())));
    }

    List<String> tags() {
        return request.option(TAGS).stream()
                .flatMap(tags -> Stream.of(tags.split(",")))
                .map(String::strip)
                .filter(tag -> !tag.isEmpty())
                .toList();
    }

    /** Whether a flag is set; its variable may hold any of Go's words for true and false. */
    boolean isSet(String flag) {
        return request.option(flag).filter(value -> value.matches("(?i)1|t|true")).isPresent();
    }
}
