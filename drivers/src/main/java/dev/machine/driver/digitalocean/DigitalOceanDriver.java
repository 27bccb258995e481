package dev.machine.driver.digitalocean;

import static dev.machine.driver.digitalocean.DropletOptions.SSH;

import com.myjeeva.digitalocean.common.DropletStatus;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Checkpoint;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverInfo;
import dev.machine.driver.DriverState;
import dev.machine.driver.Power;
import dev.machine.driver.Problem;
import dev.machine.driver.Progress;
import dev.machine.driver.SshOptions;
import dev.machine.driver.SshRequest;
import dev.machine.driver.Status;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Droplets. Options and variables are those of docker-machine's driver digitalocean. The access
 * token is never remembered: to remove or switch a machine, the user sets {@code
 * DIGITALOCEAN_ACCESS_TOKEN}, or names a file with the token when the machine is made.
 *
 * <p>All machines of one command share one connection pool, one list of offers and one rate limit,
 * so that many machines stay within DigitalOcean's limit of requests.
 */
public final class DigitalOceanDriver implements Driver {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private final Function<String, Optional<String>> variables;
    private final DriverClock time;
    private final Duration connect;
    private final Duration read;
    private final Map<List<String>, DigitalOceanApi> apis = new ConcurrentHashMap<>();

    /**
     * @param variables the user's environment
     * @param pause waits for a time
     */
    public DigitalOceanDriver(
            Function<String, Optional<String>> variables,
            InstantSource clock,
            Consumer<Duration> pause) {
        this(variables, new DriverClock(clock, pause), CONNECT_TIMEOUT, READ_TIMEOUT);
    }

    DigitalOceanDriver(
            Function<String, Optional<String>> variables,
            DriverClock time,
            Duration connect,
            Duration read) {
        this.variables = variables;
        this.time = time;
        this.connect = connect;
        this.read = read;
    }

    @Override
    public DriverInfo info() {
        return new DriverInfo("digitalocean", "droplets of DigitalOcean", DropletOptions.options());
    }

    @Override
    public List<Problem> check(CreateRequest request) {
        DropletOptions options = new DropletOptions(request);
        List<Problem> problems = new ArrayList<>(options.problems());
        if (problems.stream().anyMatch(DigitalOceanDriver::preventsRequests)) {
            return problems;
        }
        try {
            problems.addAll(DropletSpec.of(api(options), options).problems());
        } catch (Rejected e) {
            if (e.status() != Rejected.UNAUTHORIZED) {
                throw e;
            }
            problems.add(
                    SSH.problem(DropletOptions.TOKEN, "DigitalOcean does not accept this token"));
        }
        return problems;
    }

    private static boolean preventsRequests(Problem problem) {
        return problem.option().endsWith("-" + DropletOptions.TOKEN)
                || problem.option().endsWith("-" + DropletOptions.API_URL);
    }

    @Override
    public List<String> plan(CreateRequest request) {
        DropletOptions options = new DropletOptions(request);
        DropletSpec spec = DropletSpec.of(api(options), options);
        List<String> lines = new ArrayList<>(spec.notes());
        lines.add("buy " + spec.sentence());
        return lines;
    }

    @Override
    public DriverState create(CreateRequest request, Checkpoint checkpoint, Progress progress) {
        DropletOptions options = new DropletOptions(request);
        DigitalOceanApi api = api(options);
        DropletSpec spec = DropletSpec.of(api, options);
        if (!spec.problems().isEmpty()) {
            throw new MachineException(
                    spec.problems().getFirst().sentence(), null, ExitCode.PRE_CREATE_CHECK);
        }
        return new DropletCreator(api, options, time, checkpoint, progress).make(spec);
    }

    @Override
    public Status status(DriverState state) {
        return api(state)
                .droplet(DropletPower.id(state))
                .map(box -> status(box.status()))
                .orElse(Status.GONE);
    }

    private static Status status(DropletStatus status) {
        return switch (status) {
            case NEW -> Status.STARTING;
            case ACTIVE -> Status.RUNNING;
            case OFF, ARCHIVE -> Status.STOPPED;
        };
    }

    @Override
    public Optional<SshRequest> ssh(DriverState state) {
        return Optional.of(SshOptions.request(state).withHostKey(state.find("host-key")));
    }

    @Override
    public String url(DriverState state) {
        return SSH.url(state);
    }

    @Override
    public Power power() {
        return new DropletPower(this::api, time);
    }

    /** Removes all droplets with the machine's tag, then the tag and the key that we added. */
    @Override
    public void remove(DriverState state) {
        if (state.find(DropletCreator.TAG).isEmpty()) {
            // No request had been sent yet.
            return;
        }
        DigitalOceanApi api = api(state);
        String tag = state.required(DropletCreator.TAG);
        Set<Integer> droplets = new TreeSet<>();
        state.find(DropletCreator.DROPLET).map(Integer::valueOf).ifPresent(droplets::add);
        api.tagged(tag).forEach(box -> droplets.add(box.id()));
        droplets.forEach(api::remove);
        api.removeTag(tag);
        state.find(DropletCreator.OUR_KEY).ifPresent(api::removeKey);
    }

    private DigitalOceanApi api(DropletOptions options) {
        return api(options.token(), options.apiUrl());
    }

    private DigitalOceanApi api(DriverState state) {
        String token =
                variables
                        .apply(DropletOptions.TOKEN_VARIABLE)
                        .or(() -> state.find(DropletOptions.TOKEN))
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                "DigitalOcean asks for a token, and tokens are not"
                                                        + " kept"
                                                        + state.find(DropletCreator.DROPLET)
                                                                .map(
                                                                        id ->
                                                                                ": droplet "
                                                                                        + id
                                                                                        + " stays as it is")
                                                                .orElse(""),
                                                "set " + DropletOptions.TOKEN_VARIABLE,
                                                ExitCode.UNREACHABLE));
        return api(token, state.required(DropletOptions.API_URL));
    }

    private DigitalOceanApi api(String tokenOrFile, String url) {
        String token = AccessToken.read(tokenOrFile);
        return apis.computeIfAbsent(
                List.of(token, url),
                key ->
                        new DigitalOceanApi(
                                token, new HttpTransport(base(url), time, connect, read)));
    }

    /** Drops the API's version at the end of a URL, because the library adds it. */
    private static URI base(String url) {
        return URI.create(url.replaceFirst("/+$", "").replaceFirst("/v2$", ""));
    }
}
