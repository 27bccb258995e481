package dev.machine.driver.aiyara;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
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
import java.util.Map;
import java.util.stream.Stream;

/**
 * Boards on racks. The address of {@code rack-1-node-4} follows from its name by a template, {@code
 * 192.168.{rack}.{node}} by default. {@code --aiyara-host-range=192.168.1.[11:15]} with the name
 * {@code rack-1-node} makes five machines, as Aiyara's own driver did ({@link #requests}). Nothing
 * is bought and no board can be switched on, so {@link #create} only records the address.
 */
public final class AiyaraDriver extends SshOnlyDriver {
    private static final String ADDRESS = "address";
    private static final String HOST_RANGE = "host-range";
    private static final SshOptions SSH = new SshOptions("aiyara");

    public AiyaraDriver() {
        super(SSH);
    }

    @Override
    public DriverInfo info() {
        List<OptionSpec> own =
                List.of(
                        OptionSpec.withDefault(
                                ADDRESS,
                                "AIYARA_ADDRESS",
                                AddressTemplate.DEFAULT,
                                "address of the board; {rack} and {node} are taken from a name"
                                        + " like rack-1-node-4"),
                        OptionSpec.optional(
                                HOST_RANGE,
                                "AIYARA_HOST_RANGE",
                                "addresses of many boards, as 192.168.1.[11:15]: NAME-11 to"
                                        + " NAME-15"));
        return new DriverInfo(
                "aiyara",
                "boards on racks, found by their names",
                Stream.concat(own.stream(), SSH.declare("AIYARA_").stream()).toList());
    }

    @Override
    public List<CreateRequest> requests(String names, Map<String, String> options) {
        String range = options.getOrDefault(HOST_RANGE, "");
        if (range.isEmpty()) {
            return super.requests(names, options);
        }
        return HostRange.expand(names, range).stream()
                .map(host -> host.request(options, ADDRESS, HOST_RANGE))
                .toList();
    }

    @Override
    public List<Problem> check(CreateRequest request) {
        List<Problem> problems = new ArrayList<>();
        AddressTemplate.problem(template(request), request.name().value())
                .ifPresent(sentence -> problems.add(SSH.problem(ADDRESS, sentence)));
        if (request.option(HOST_RANGE).isPresent()) {
            problems.add(SSH.problem(HOST_RANGE, "a range is for many machines, not for one"));
        }
        problems.addAll(SSH.check(request));
        return problems;
    }

    @Override
    public DriverState create(CreateRequest request, Checkpoint checkpoint, Progress progress) {
        String template = template(request);
        String name = request.name().value();
        AddressTemplate.problem(template, name)
                .ifPresent(
                        sentence -> {
                            throw new MachineException(sentence, null, ExitCode.PRE_CREATE_CHECK);
                        });
        DriverState state = SSH.state(request, AddressTemplate.resolve(template, name));
        checkpoint.save(state);
        return state;
    }

    private static String template(CreateRequest request) {
        return request.option(ADDRESS).orElse(AddressTemplate.DEFAULT);
    }
}
