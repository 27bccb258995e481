package dev.machine.driver.generic;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.driver.Addresses;
import dev.machine.driver.Checkpoint;
import dev.machine.driver.CreateRequest;
import dev.machine.driver.DriverInfo;
import dev.machine.driver.DriverState;
import dev.machine.driver.OptionSpec;
import dev.machine.driver.Problem;
import dev.machine.driver.Progress;
import dev.machine.driver.SshOnlyDriver;
import dev.machine.driver.SshOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Any existing server with SSH. Options and variables are those of docker-machine's driver generic;
 * the one-time password is our addition.
 */
public final class GenericDriver extends SshOnlyDriver {
    private static final String ADDRESS = "ip-address";
    private static final SshOptions SSH = new SshOptions("generic");

    public GenericDriver() {
        super(SSH);
    }

    @Override
    public DriverInfo info() {
        OptionSpec address =
                OptionSpec.optional(
                        ADDRESS, "GENERIC_IP_ADDRESS", "address or host name of the server");
        return new DriverInfo(
                "generic",
                "any server with SSH",
                Stream.concat(Stream.of(address), SSH.declare("GENERIC_").stream()).toList());
    }

    @Override
    public List<Problem> check(CreateRequest request) {
        List<Problem> problems = new ArrayList<>();
        Optional<String> address = request.option(ADDRESS);
        if (address.isEmpty()) {
            problems.add(
                    SSH.problem(
                            ADDRESS,
                            "the generic driver needs an address: give --generic-ip-address"));
        }
        address.flatMap(Addresses::problem)
                .ifPresent(sentence -> problems.add(SSH.problem(ADDRESS, sentence)));
        problems.addAll(SSH.check(request));
        return problems;
    }

    @Override
    public DriverState create(CreateRequest request, Checkpoint checkpoint, Progress progress) {
        String address =
                request.option(ADDRESS)
                        .orElseThrow(
                                () ->
                                        new MachineException(
                                                "the generic driver needs an address",
                                                "give --generic-ip-address",
                                                ExitCode.PRE_CREATE_CHECK));
        DriverState state = SSH.state(request, address);
        checkpoint.save(state);
        return state;
    }
}
