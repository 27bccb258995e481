package dev.machine.provisioning.node;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.store.EngineInstall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks a node's apt which versions of a package there are, without changing anything there: lists
 * are fetched into a folder of its own, which is removed again.
 */
public final class PackageVersions {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final String FOLDER = "/run/machine-probe";
    private static final String KEY = FOLDER + "/key.asc";
    static final String LIST = FOLDER + "/engine.list";
    private static final int NO_AUTHORITIES = 77;

    private static final String ASK =
            """
            package={}; url={}; sources={}; folder=/run/machine-probe
            trap 'rm -rf "$folder"' EXIT
            mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
            case $url in https:*) [ -e /etc/ssl/certs/ca-certificates.crt ] || exit 77 ;; esac
            # What the node knows already need not be fetched; our own repository is asked alone.
            [ -n "$url" ] || apt-cache madison "$package"
            own="-o Dir::State::lists=$folder/lists -o Dir::Cache=$folder/cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::GzipIndexes=true"
            [ -z "$url" ] || own="$own -o Dir::Etc::sourcelist=$sources -o Dir::Etc::sourceparts=-"
            # Another source that fails is nothing to us where ours has what we need.
            fetch() { apt-get -q $own -o Acquire::Check-Date=false -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 "$@" update >&2 || true; }
            fetch
            # Where one does not answer, apt asks no other of that host: each file of sources for itself, then.
            if [ -z "$url${APT_CONFIG:-}" ] && [ -z "$(apt-cache $own madison "$package")" ]; then
                for sources in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
                    [ ! -s "$sources" ] || fetch -o Dir::Etc::sourcelist="$sources" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0
                done
            fi
            apt-cache $own madison "$package"
            """;

    private PackageVersions() {}

    /**
     * The versions, newest first.
     *
     * @param repository asked alone; empty for the node's own sources
     * @throws MachineException if the repository does not answer, has nothing for this node, or is
     *     not signed by its key
     */
    public static List<String> versions(
            NodeShell shell,
            EngineInstall install,
            Facts facts,
            String name,
            Optional<AptRepository> repository) {
        String url = repository.map(AptRepository::url).orElse("");
        Script script = prepare(install, facts, repository).run(ASK, name, url, LIST);
        ScriptResult answer = shell.asRoot(script, DEADLINE);
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

    /** A script in whose folder are the sources that it shall ask; it removes the folder. */
    static Script prepare(EngineInstall install, Facts facts, Optional<AptRepository> repository) {
        Script script = new Script().run("rm -rf {}; mkdir -p {}", FOLDER, FOLDER);
        repository.ifPresent(
                own ->
                        script.write(KEY, bytes(own.key()), "0644")
                                .write(LIST, bytes(own.line(KEY)), "0644"));
        if (repository.isEmpty()) {
            AptMirror.use(script, install, facts, FOLDER);
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
            if (repository.isEmpty() || !said.sentence().startsWith("none of the node's")) {
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
