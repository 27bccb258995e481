package dev.machine.provisioning.node;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.store.EngineInstall;
import java.nio.charset.StandardCharsets;

/**
 * A rack's own mirror of the distribution's packages: asked instead of the node's own sources, by a
 * configuration of its own (apt.conf(5), APT_CONFIG) and with lists of its own. The node's sources
 * and lists stay as they are, and nothing is left that had to be undone.
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

    /** Has all that follows in the script ask the mirror, if there is one. */
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

    /** Where the distribution's packages come from, for a person. */
    static String name(EngineInstall install) {
        return install.aptMirror().orElse("the node's own package sources");
    }

    /** Ubuntu has its engine among what the community looks after. */
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
