package dev.machine.driver.none;

import dev.machine.driver.Checkpoint;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverInfo;
import dev.machine.driver.DriverState;
import dev.machine.driver.EngineUrl;
import dev.machine.driver.OptionSpec;
import dev.machine.driver.Power;
import dev.machine.driver.Problem;
import dev.machine.driver.Progress;
import dev.machine.driver.SshRequest;
import dev.machine.driver.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An engine that exists already, or the address where an endpoint listens. It is only a URL: there
 * is no SSH, so nothing is ever provisioned.
 */
public final class NoneDriver implements Driver {
    private static final String URL = "url";

    @Override
    public DriverInfo info() {
        return new DriverInfo(
                "none",
                "an engine known by its URL, or the address of a swarm master",
                List.of(
                        OptionSpec.optional(
                                        URL,
                                        "MACHINE_NONE_URL",
                                        "URL of the engine, as tcp://192.168.1.4:2376")
                                .asBare()));
    }

    @Override
    public List<Problem> check(CreateRequest request) {
        Optional<String> url = request.option(URL);
        if (url.isEmpty()) {
            return List.of(new Problem("--url", "the none driver needs --url tcp://ADDRESS:PORT"));
        }
        return EngineUrl.problem(url.get()).map(it -> new Problem("--url", it)).stream().toList();
    }

    @Override
    public DriverState create(CreateRequest request, Checkpoint checkpoint, Progress progress) {
        String url = EngineUrl.parse(request.option(URL).orElse("")).toString();
        DriverState state = new DriverState(Map.of(URL, url));
        checkpoint.save(state);
        return state;
    }

    @Override
    public Status status(DriverState state) {
        return Status.UNKNOWN;
    }

    @Override
    public Optional<SshRequest> ssh(DriverState state) {
        return Optional.empty();
    }

    @Override
    public String url(DriverState state) {
        return state.required(URL);
    }

    @Override
    public Power power() {
        return new Power.None();
    }

    /** Nothing was made. */
    @Override
    public void remove(DriverState state) {}
}
