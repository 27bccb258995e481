package dev.machine.provisioning.node;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.ResourceText;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.template.Templates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The package manager of Debian and its derivatives. apt does not run in our connection and writes
 * its output to a file, so that a broken connection does not stop dpkg halfway. A rerun waits for
 * it, as for every process that holds a package lock.
 */
public record Apt() implements PackageManager {
    static final String LOG = "/var/log/machine-install.log";

    /** On disk, because /run is in memory and a distribution's lists are tens of megabytes. */
    private static final String MIRROR = "/var/cache/machine-apt";

    private static final String PROGRAM = "/run/machine-install.sh";
    private static final Duration TIMEOUT = Duration.ofMinutes(20);
    private static final String DISTRO = "docker.io";
    private static final String DOCKER = "docker-ce";

    @Override
    public String name() {
        return "apt";
    }

    @Override
    public String systems() {
        return "Debian, Ubuntu or Raspberry Pi OS";
    }

    @Override
    public boolean isSystem(Facts facts) {
        return facts.isDebianLike();
    }

    @Override
    public boolean isThere(Facts facts) {
        return isSystem(facts) && facts.find("apt").isPresent();
    }

    @Override
    public String facts() {
        return ResourceText.read(Apt.class, "apt-facts.sh");
    }

    @Override
    public String isUsable() {
        return "command -v dpkg-query >/dev/null";
    }

    @Override
    public String installed() {
        return "dpkg-query -W -f '${db:Status-Status} ${binary:Package}\\n' | sed -n"
                + " '/^config-files\\|^not-installed/!s/^[^ ]* //p' | sort";
    }

    @Override
    public String removedNotPurged() {
        return "dpkg-query -W -f '${db:Status-Status} ${binary:Package}\\n' | sed -n"
                + " 's/^config-files //p' | sort";
    }

    @Override
    public String isInstalled() {
        return "[ \"$(dpkg-query -W -f='${db:Status-Status}' \"$1\" 2>/dev/null)\" = installed ]";
    }

    @Override
    public String engines() {
        return "grep -xE 'docker(\\.io|-[a-z-]+)?|containerd(\\.io)?|runc|tini' || true";
    }

    @Override
    public String shortNames() {
        return "sed \"s/:$(dpkg --print-architecture)$//\"";
    }

    @Override
    public String removedTogetherWith() {
        return "apt-get -s -o APT::Get::AutomaticRemove=false purge \"$@\" 2>/dev/null | sed -n"
                + " 's/^\\(Remv\\|Purg\\) \\([^ ]*\\) .*/\\2/p'";
    }

    @Override
    public String owner() {
        return "dpkg-query -S \"$1\" 2>/dev/null | cut -d: -f1";
    }

    @Override
    public String engine(boolean dockers) {
        return dockers ? DOCKER : DISTRO;
    }

    @Override
    public List<String> argumentsForVersion(String name, String version) {
        return name.equals(DOCKER)
                ? List.of(name + "=" + version, "docker-ce-cli=" + version, "containerd.io")
                : List.of(name + "=" + version);
    }

    @Override
    public String command(List<String> packages) {
        boolean docker = packages.stream().anyMatch(name -> name.startsWith(DOCKER));
        return docker
                ? "/usr/bin/dockerd --containerd=/run/containerd/containerd.sock"
                : "/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock $DOCKER_OPTS";
    }

    @Override
    public String source(PackageWork work, boolean dockers) {
        return repository(work, dockers)
                .map(AptRepository::url)
                .orElseGet(() -> AptMirror.name(work.install()));
    }

    @Override
    public List<FileWrite> repository(PackageWork work) {
        return AptRepository.of(work.install(), work.facts()).files();
    }

    private static Optional<AptRepository> repository(PackageWork work, boolean dockers) {
        return dockers
                ? Optional.of(AptRepository.of(work.install(), work.facts()))
                : Optional.empty();
    }

    @Override
    public Optional<FileWrite> pin(String name, String version) {
        String names = name.equals(DOCKER) ? DOCKER + " docker-ce-cli" : name;
        String pin =
                Templates.render(
                        "machine-engine.pref", Map.of("packages", names, "version", version));
        return Optional.of(new FileWrite(ManagedFile.APT_PIN, pin));
    }

    @Override
    public List<String> versions(PackageWork work, String name, boolean dockers) {
        return PackageVersions.versions(work, name, repository(work, dockers));
    }

    @Override
    public Effects simulate(
            PackageWork work, List<String> packages, boolean wanted, boolean dockers) {
        return AptSimulation.of(work, packages, wanted, repository(work, dockers));
    }

    /**
     * @param packages as apt-get takes them: {@code name}, {@code name=version}, or {@code name-}
     *     for one to be removed
     */
    @Override
    public void addInstallation(PackageWork work, Script script, List<String> packages) {
        List<String> words = new ArrayList<>();
        words.add(work.mayChangePackages() ? "yes" : "no");
        words.addAll(packages);
        AptMirror.use(script, work, MIRROR);
        begin(work, script, "install.sh", words);
        script.run("rm -rf {}", MIRROR);
    }

    /** Adds shell that runs apt.sh and this program of ours, and waits for it. */
    private void begin(PackageWork work, Script script, String program, List<String> words) {
        List<String> all = new ArrayList<>();
        all.addAll(List.of(LOG, PROGRAM, Long.toString(work.lockWait().toSeconds())));
        all.add(EngineFiles.ORIGINAL);
        all.addAll(words);
        script.write(PROGRAM, program(program), "0700")
                .include(Apt.class, "apt-run.sh", all.toArray(String[]::new));
    }

    @Override
    public void install(PackageWork work, Script script, List<String> packages) {
        ScriptResult result =
                work.shell().asRoot(script, TIMEOUT.plus(work.lockWait()), work.notes());
        if (result.status() != 0) {
            // Where a file could not be written, the log is of an earlier run.
            String log = result.status() == Script.UNWRITTEN ? "" : log(work);
            throw InstallFailure.of(
                    work.machine(), packages, work.lockWait(), result.status(), log + result.err());
        }
    }

    private static String log(PackageWork work) {
        return work.shell().asRoot(new Script().run("tail -c 20000 {}", LOG)).out();
    }

    /**
     * The text of a program. An installation also writes down which packages it brought, because
     * our connection may be gone by then.
     */
    private byte[] program(String name) {
        return "(\n%s%s)\nstatus=$?\n%sexit $status\n"
                .formatted(
                        ResourceText.read(Apt.class, "apt.sh"),
                        ResourceText.read(Apt.class, name),
                        name.equals("install.sh")
                                ? Functions.text("installed_packages", installed())
                                        + ResourceText.read(Apt.class, "brought.sh")
                                : "")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void remove(PackageWork work, List<String> packages) {
        List<String> arguments = new ArrayList<>(List.of(EngineFiles.ORIGINAL));
        arguments.addAll(packages);
        ScriptResult result =
                work.shell()
                        .asRoot(
                                new Script()
                                        .include(
                                                Apt.class,
                                                "remove.sh",
                                                arguments.toArray(String[]::new)),
                                TIMEOUT);
        if (result.status() != 0) {
            throw undone(
                    work,
                    "apt could not remove %s: %s"
                            .formatted(
                                    String.join(", ", packages),
                                    result.err().strip().replace("\n", "; ")));
        }
    }

    @Override
    public void reinstall(PackageWork work, List<String> packages) {
        Script script = new Script();
        begin(work, script, "reinstall.sh", List.of());
        script.run("sed -n 's/^note: //p' {} >&2", LOG);
        ScriptResult result =
                work.shell().asRoot(script, TIMEOUT.plus(work.lockWait()), work.notes());
        if (result.status() != 0) {
            String log = log(work);
            throw undone(
                    work,
                    "%s could not be installed again: %s"
                            .formatted(
                                    String.join(", ", packages),
                                    InstallFailure.known(log)
                                            .map(InstallFailure.Said::sentence)
                                            .orElseGet(() -> InstallFailure.errors(log))));
        }
        result.err().lines().filter(line -> !line.isBlank()).forEach(work.notes());
    }

    private static MachineException undone(PackageWork work, String sentence) {
        return new MachineException(
                sentence,
                "`machine rm --purge " + work.machine() + "` goes on from here",
                ExitCode.ERROR);
    }
}
