package dev.machine.step;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.engine.EngineFiles;
import dev.machine.facts.Facts;
import dev.machine.step.Change.FileWrite;
import dev.machine.store.EngineInstall;
import dev.machine.template.Templates;
import java.util.List;
import java.util.Map;

/**
 * An apt repository in the form of Docker's: {@code URL/dists/SUITE} with a component {@code
 * stable} (Docker's manual, "Install using the apt repository").
 *
 * @param architecture Debian's name of it
 * @param key armored
 */
record AptRepository(String url, String suite, String architecture, String key) {
    private static final String DOCKER = "https://download.docker.com/linux/";

    /** The repository for a node: the one that the user named, else Docker's for its system. */
    static AptRepository of(EngineInstall install, Facts facts) {
        String suite = facts.text("os.suite");
        if (suite.isEmpty()) {
            throw new MachineException(
                    "the node's /etc/os-release names no suite (VERSION_CODENAME), so there is no telling which packages"
                            + " of Docker's are for it",
                    "use --engine-install=distro",
                    ExitCode.PRE_CREATE_CHECK);
        }
        return new AptRepository(
                install.url().orElse(DOCKER + system(facts)),
                suite,
                facts.text("userland"),
                install.key().orElseGet(Templates::dockerKey));
    }

    private static String system(Facts facts) {
        String id = facts.text("os.id");
        if (id.equals("debian") || id.equals("ubuntu") || id.equals("raspbian")) {
            return id;
        }
        return (" " + facts.text("os.like") + " ").contains(" ubuntu ") ? "ubuntu" : "debian";
    }

    /** The line for apt, with the key at this path. */
    String line(String keyFile) {
        return Templates.render(
                "machine-engine.list",
                Map.of("architecture", architecture, "key", keyFile, "url", url, "suite", suite));
    }

    List<FileWrite> files() {
        return List.of(
                new FileWrite(EngineFiles.APT_KEY, key, "0644"),
                new FileWrite(EngineFiles.APT_LIST, line(EngineFiles.APT_KEY), "0644"));
    }
}
