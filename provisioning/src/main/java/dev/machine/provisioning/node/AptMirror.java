package dev.machine.provisioning.node;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.store.EngineInstall;
import java.nio.charset.StandardCharsets;

/**
 * A rack's own mirror of the distribution's packages, which apt asks instead of the node's sources.
 * It has its own configuration (apt.conf(5), APT_CONFIG) and lists, so the node's sources and lists
 * do not change and nothing needs to be undone.
 */
final class AptMirror {
    private static final String CONFIGURATION =
            """
            Dir::Etc::sourcelist "%1$s/mirror.list";
            Dir::Etc::sourceparts "%1$s/parts";
            Dir::State::lists "%1$s/lists";
            Dir::Cache::pkgcache "";
            Dir::Cache::srcpkgcache "";
            """;

    private AptMirror() {}

    /** Makes apt ask the mirror in the rest of the script, if there is a mirror. */
    static void use(Script script, PackageWork work, String folder) {
        work.install()
                .aptMirror()
                .map(mirror -> mirror.startsWith("deb ") ? mirror : line(mirror, work.facts()))
                .ifPresent(
                        mirror -> {
                            String configuration = folder + "/apt.conf";
                            script.write(folder + "/mirror.list", bytes(mirror + "\n"), "0644")
                                    .write(
                                            configuration,
                                            bytes(CONFIGURATION.formatted(folder)),
                                            "0644")
                                    .include(
                                            AptMirror.class,
                                            "mirror.sh",
                                            folder,
                                            EngineFiles.APT_LIST,
                                            configuration);
                        });
    }

    /** Where the distribution's packages come from, for messages. */
    static String name(EngineInstall install) {
        return install.aptMirror().orElse("the node's own package sources");
    }

    /** Ubuntu has its engine in the component {@code universe}. */
    private static String line(String url, Facts facts) {
        String suite = facts.text("os.suite");
        if (suite.isEmpty()) {
            throw new MachineException(
                    "the node's /etc/os-release names no suite (VERSION_CODENAME) for --engine-apt-mirror",
                    "give the mirror as a line of sources.list: deb URL SUITE main",
                    ExitCode.PRE_CREATE_CHECK);
        }
        boolean ubuntu =
                (" " + facts.text("os.id") + " " + facts.text("os.like") + " ")
                        .contains(" ubuntu ");
        return "deb %s %s main%s".formatted(url, suite, ubuntu ? " universe" : "");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
