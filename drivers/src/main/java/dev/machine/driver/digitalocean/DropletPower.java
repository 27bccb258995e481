package dev.machine.driver.digitalocean;

import com.myjeeva.digitalocean.common.DropletStatus;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.DriverState;
import dev.machine.driver.Power;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Switches droplets. The result of an action is read from the droplet, because the client library
 * cannot read the number of an action.
 */
final class DropletPower implements Power.ByApi {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

    private final Function<DriverState, DigitalOceanApi> apis;
    private final DriverClock time;

    DropletPower(Function<DriverState, DigitalOceanApi> apis, DriverClock time) {
        this.apis = apis;
        this.time = time;
    }

    @Override
    public void start(DriverState state) {
        DigitalOceanApi api = apis.apply(state);
        if (settled(api, state) != DropletStatus.ACTIVE) {
            api.powerOn(id(state));
            await(api, state, DropletStatus.ACTIVE, "has not started", null);
        }
    }

    @Override
    public void stop(DriverState state) {
        DigitalOceanApi api = apis.apply(state);
        if (settled(api, state) != DropletStatus.OFF) {
            api.shutDown(id(state));
            await(
                    api,
                    state,
                    DropletStatus.OFF,
                    "has not shut down",
                    "`machine kill` switches it off as it is");
        }
    }

    @Override
    public void restart(DriverState state) {
        DigitalOceanApi api = apis.apply(state);
        if (settled(api, state) == DropletStatus.ACTIVE) {
            api.reboot(id(state));
        } else {
            start(state);
        }
    }

    @Override
    public void kill(DriverState state) {
        DigitalOceanApi api = apis.apply(state);
        if (settled(api, state) != DropletStatus.OFF) {
            api.powerOff(id(state));
            await(api, state, DropletStatus.OFF, "is still on", null);
        }
    }

    /** Waits while the droplet is still being made, because it cannot be switched then. */
    private DropletStatus settled(DigitalOceanApi api, DriverState state) {
        return until(api, state, it -> it != DropletStatus.NEW, "is still being made", null);
    }

    private void await(
            DigitalOceanApi api,
            DriverState state,
            DropletStatus wanted,
            String otherwise,
            @Nullable String hint) {
        until(api, state, status -> status == wanted, otherwise, hint);
    }

    private DropletStatus until(
            DigitalOceanApi api,
            DriverState state,
            Predicate<DropletStatus> wanted,
            String otherwise,
            @Nullable String hint) {
        DropletStatus status =
                time.poll().until(TIMEOUT, POLL_INTERVAL, () -> status(api, state), wanted);
        if (!wanted.test(status)) {
            throw new MachineException(
                    "droplet %d %s after %d s".formatted(id(state), otherwise, TIMEOUT.toSeconds()),
                    hint,
                    ExitCode.UNREACHABLE);
        }
        return status;
    }

    private static DropletStatus status(DigitalOceanApi api, DriverState state) {
        return api.droplet(id(state))
                .orElseThrow(
                        () ->
                                new MachineException(
                                        "droplet %d is gone".formatted(id(state)),
                                        "`machine rm` forgets it",
                                        ExitCode.ERROR))
                .status();
    }

    static int id(DriverState state) {
        return Integer.parseInt(state.required(DropletCreator.DROPLET));
    }
}
