package dev.machine.provisioning.node;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.store.EngineInstall;
import dev.machine.template.Templates;
import java.util.List;
import java.util.Map;

/**
 * An apt repository with the layout of Docker's: {@code URL/dists/SUITE} with a component {@code
 * stable} (Docker's manual, "Install using the apt repository").
 *
 * @param architecture by Debian's name
 * @param key the armored signing key
 */
record AptRepository(String url, String suite, String architecture, String key) {
    /** The repository that the user named, for a node's system. */
    static AptRepository of(EngineInstall install, Facts facts) {
        String suite = facts.text("os.suite");
        if (suite.isEmpty()) {
            throw new MachineException(
                    "the node's /etc/os-release names no suite (VERSION_CODENAME), so it is unknown which packages"
                            + " of Docker's are for it",
                    "use --engine-install=distro",
                    ExitCode.PRE_CREATE_CHECK);
        }
        return new AptRepository(
                install.url().orElseThrow(() -> unnamed(facts)),
                suite,
                facts.text("userland"),
                install.key().orElseGet(Templates::dockerKey));
    }

    private static MachineException unnamed(Facts facts) {
        return new MachineException(
                "--engine-install=docker needs the address of Docker's apt repository for %s, or of a mirror of it"
                        .formatted(facts.text("os.id")),
                "name it with --engine-install-url; Docker's manual has it (\"Install using the apt repository\")",
                ExitCode.PRE_CREATE_CHECK);
    }

    /** The line for apt, with the key at this path. */
    String line(String keyFile) {
        return Templates.render(
                "machine-engine.list",
                Map.of("architecture", architecture, "key", keyFile, "url", url, "suite", suite));
    }

    List<FileWrite> files() {
        return List.of(
                new FileWrite(ManagedFile.APT_KEY, key),
                new FileWrite(ManagedFile.APT_LIST, line(EngineFiles.APT_KEY)));
    }
}
