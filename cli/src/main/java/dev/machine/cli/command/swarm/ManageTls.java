package dev.machine.cli.command.swarm;

import dev.machine.cli.command.Invocation;
import dev.machine.cli.command.Options;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.swarm.discovery.PemFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Classic swarm's {@code --tls…} options: one certificate, which the endpoint shows to clients and
 * to engines. {@code --tls} alone is refused, because it checked nobody in classic swarm.
 */
final class ManageTls {
    private ManageTls() {}

    static List<OptionSpec> options() {
        return List.of(
                Options.flag("require certificates of clients and of engines", "--tlsverify"),
                Options.value("FILE", "CA of clients and engines, PEM", "--tlscacert"),
                Options.value("FILE", "certificate shown to clients and to engines", "--tlscert"),
                Options.value("FILE", "the key of that certificate", "--tlskey"),
                Options.flag("refused without --tlsverify: it checks nobody", "--tls"));
    }

    /** The files; empty if none of these options was given. */
    static Optional<PemFiles> read(Invocation call) {
        Optional<Path> ca = file(call, "--tlscacert");
        Optional<Path> cert = file(call, "--tlscert");
        Optional<Path> key = file(call, "--tlskey");
        boolean verify = call.flag("--tlsverify");
        if (!verify && !call.flag("--tls")) {
            if (ca.isPresent() || cert.isPresent() || key.isPresent()) {
                throw Invocation.usage(
                        "--tlscert, --tlskey and --tlscacert require the use of --tlsverify");
            }
            return Optional.empty();
        }
        if (!verify) {
            throw Invocation.usage(
                    "--tls alone checks neither clients nor engines: use --tlsverify");
        }
        if (cert.isEmpty() || key.isEmpty()) {
            throw Invocation.usage(
                    "--tlscert and --tlskey must be provided when using --tlsverify");
        }
        return Optional.of(
                new PemFiles(
                        ca.orElseThrow(
                                () ->
                                        Invocation.usage(
                                                "--tlscacert must be provided when using"
                                                        + " --tlsverify")),
                        cert.get(),
                        key.get()));
    }

    /**
     * Refuses to listen on TCP without client certificates, because then anybody in the network
     * could use the endpoint.
     */
    static void check(List<String> hosts, Optional<PemFiles> tls) {
        if (tls.isEmpty() && hosts.stream().anyMatch(host -> host.startsWith("tcp://"))) {
            throw new MachineException(
                    "an endpoint on tcp:// serves only clients with a certificate",
                    "add --tlsverify, --tlscacert, --tlscert and --tlskey, listen on"
                            + " -H unix:///PATH, or serve a machine made with --swarm-master:"
                            + " --master NAME",
                    ExitCode.USAGE);
        }
    }

    private static Optional<Path> file(Invocation call, String option) {
        return call.value(option).map(Path::of).map(Path::toAbsolutePath);
    }
}
