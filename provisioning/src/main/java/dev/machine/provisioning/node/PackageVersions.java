package dev.machine.provisioning.node;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks a node's apt for the versions of a package. It changes nothing there: lists are downloaded
 * to a temporary folder.
 */
final class PackageVersions {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final String FOLDER = "/run/machine-probe";
    private static final String KEY = FOLDER + "/key.asc";
    static final String LIST = FOLDER + "/engine.list";
    private static final int NO_AUTHORITIES = 77;

    private PackageVersions() {}

    /**
     * The versions, newest first.
     *
     * @param repository the only one to ask; empty for the node's own sources
     * @throws MachineException if the repository does not answer, has nothing for this node, or is
     *     not signed by its key
     */
    static List<String> versions(
            PackageWork work, String name, Optional<AptRepository> repository) {
        String url = repository.map(AptRepository::url).orElse("");
        Script script =
                prepare(work, repository)
                        .include(PackageVersions.class, "versions.sh", name, url, LIST);
        ScriptResult answer = work.shell().asRoot(script, DEADLINE);
        if (answer.status() == NO_AUTHORITIES) {
            throw new MachineException(
                    "the node has no CA certificates, so its apt cannot tell whether %s is genuine"
                            .formatted(url),
                    "install ca-certificates there, or name a mirror by http with --engine-install-url",
                    ExitCode.PRE_CREATE_CHECK);
        }
        List<String> versions = parse(answer.out());
        if (versions.isEmpty()) {
            throw nothing(name, repository, answer.err());
        }
        return versions;
    }

    /** Starts a script that asks these sources; the script must remove the folder at its end. */
    static Script prepare(PackageWork work, Optional<AptRepository> repository) {
        Script script = new Script().run("rm -rf {}; mkdir -p {}", FOLDER, FOLDER);
        repository.ifPresent(
                own ->
                        script.write(KEY, bytes(own.key()), "0644")
                                .write(LIST, bytes(own.line(KEY)), "0644"));
        if (repository.isEmpty()) {
            AptMirror.use(script, work, FOLDER);
        }
        return script;
    }

    /** The second column of {@code apt-cache madison}. */
    static List<String> parse(String madison) {
        return madison.lines()
                .map(line -> line.split("\\|", 3))
                .filter(columns -> columns.length == 3 && columns[2].contains("Packages"))
                .map(columns -> columns[1].strip())
                .distinct()
                .toList();
    }

    private static MachineException nothing(
            String name, Optional<AptRepository> repository, String log) {
        if (repository.isEmpty() || !log.contains("does not have a Release file")) {
            InstallFailure.Said said =
                    InstallFailure.known(log).orElseGet(() -> InstallFailure.missing(name, log));
            if (repository.isEmpty() || !said.missing()) {
                return new MachineException(
                        said.sentence(),
                        said.hint() + "; nothing was changed on the node",
                        ExitCode.PRE_CREATE_CHECK);
            }
        }
        String where =
                repository
                        .map(
                                own ->
                                        "%s has no package %s for %s on %s"
                                                .formatted(
                                                        own.url(),
                                                        name,
                                                        own.suite(),
                                                        own.architecture()))
                        .orElseThrow();
        return new MachineException(
                where,
                "use --engine-install=distro, or another --engine-install-url",
                ExitCode.PRE_CREATE_CHECK);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
