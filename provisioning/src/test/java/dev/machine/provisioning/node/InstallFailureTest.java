package dev.machine.provisioning.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines are apt's and dpkg's own, of Debian 12. */
class InstallFailureTest {
    @Test
    void namesWhoHoldsTheLock() {
        assertThat(
                        sentence(
                                75,
                                "waiting for x\n/var/lib/dpkg/lock-frontend, held by apt-get upgrade (process 812)\n"))
                .isEqualTo(
                        "a package lock of the node was not free within 600 s: /var/lib/dpkg/lock-frontend, held by apt-get upgrade (process 812)");
    }

    @Test
    void namesTheMirrorThatIsDown() {
        assertThat(
                        sentence(
                                100,
                                """
                                Err:1 http://rack:8099 bookworm-amd64/ InRelease
                                W: Failed to fetch http://rack:8099/bookworm-amd64/InRelease  Could not connect to rack:8099 (10.99.0.1). - connect (111: Connection refused)
                                W: Some index files failed to download. They have been ignored, or old ones used instead.
                                E: Unable to locate package docker.io
                                """))
                .startsWith(
                        "the package mirror http://rack:8099 did not give InRelease: Could not");
    }

    @Test
    void namesTheFileThatTheMirrorHasNotOrNotWhole() {
        for (String why :
                List.of(
                        "404  Not Found [IP: 10.99.0.1 8088]",
                        "File has unexpected size (3000000 != 36256664). Mirror sync in progress? [IP: 10.99.0.1 8088]")) {
            assertThat(
                            sentence(
                                    100,
                                    "E: Failed to fetch http://rack:8088/b/docker.io_20.deb  "
                                            + why
                                            + "\nE: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n"))
                    .isEqualTo(
                            "the package mirror http://rack:8088 did not give docker.io_20.deb: "
                                    + why);
        }
    }

    @Test
    void blamesTheDiskBeforeTheMirror() {
        assertThat(
                        sentence(
                                100,
                                """
                                E: Failed to fetch http://rack/x.deb  Error writing to file - write (28: No space left on device)
                                E: Sub-process /usr/bin/dpkg returned an error code (1)
                                """))
                .startsWith("the node's disk is full: ");
        assertThat(
                        sentence(
                                100,
                                "E: You don't have enough free space in /var/cache/apt/archives/.\n"))
                .startsWith("the node's disk is full: ");
    }

    @Test
    void tellsAMissingSignatureFromAMissingPackage() {
        assertThat(
                        sentence(
                                100,
                                "E: The repository 'http://rack/debian bookworm InRelease' is not signed.\n"))
                .isEqualTo(
                        "the package repository http://rack/debian is not signed by a key the node trusts");
        assertThat(
                        sentence(
                                100,
                                "W: GPG error: http://rack/debian bookworm InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 8D81803C0EBFCD88\n"))
                .contains(
                        "http://rack/debian is not signed by a key the node trusts",
                        "8D81803C0EBFCD88");
        assertThat(sentence(100, "E: Unable to locate package docker.io\n"))
                .isEqualTo("none of the node's package sources has docker.io");
    }

    @Test
    void tellsAMissingPackageFromASourceThatFailed() {
        assertThat(InstallFailure.known("E: Unable to locate package docker.io\n"))
                .map(InstallFailure.Said::missing)
                .contains(true);
        assertThat(InstallFailure.known("W: GPG error: http://rack/debian bookworm: no key\n"))
                .map(InstallFailure.Said::missing)
                .contains(false);
    }

    /** Debian's own mirror answers; what is said of the others is nothing to us. */
    private static final String OTHERS_FAIL =
            """
            machine: apt-get update
            Hit:1 http://deb/debian bookworm InRelease
            Err:2 http://dead.example/apt stable InRelease
            W: GPG error: http://unsigned.example/apt stable InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 8D81
            W: Failed to fetch http://dead.example/apt/dists/stable/InRelease  Could not connect to dead.example:80
            W: Some index files failed to download. They have been ignored, or old ones used instead.
            """;

    @Test
    void doesNotBlameASourceThatHasNothingToDoWithIt() {
        assertThat(
                        sentence(
                                100,
                                OTHERS_FAIL
                                        + "machine: apt-get install docker.io\nE: Failed to fetch http://deb/debian/pool/docker.io_20.deb  404  Not Found\n"))
                .isEqualTo(
                        "the package mirror http://deb did not give docker.io_20.deb: 404  Not Found");
        assertThat(
                        sentence(
                                100,
                                OTHERS_FAIL
                                        + "machine: apt-get install docker.io\ndpkg: error processing package docker.io (--configure):\n"))
                .isEqualTo(
                        "apt could not install docker.io: dpkg: error processing package docker.io (--configure):");
    }

    @Test
    void namesEverySourceThatFailedWhereNoneHasIt() {
        assertThat(
                        sentence(
                                100,
                                OTHERS_FAIL
                                        + "machine: apt-get install docker.io\nE: Unable to locate package docker.io\n"))
                .startsWith("none of the node's package sources that answer has docker.io, and ")
                .contains(
                        "http://unsigned.example/apt is not signed by a key",
                        "the package mirror http://dead.example did not give InRelease: Could not");
    }

    @Test
    void namesTheFileThatAptCannotRead() {
        assertThat(
                        sentence(
                                100,
                                "E: Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (URI)\nE: The list of sources could not be read.\n"))
                .isEqualTo(
                        "apt cannot read the node's package sources: Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (URI)");
    }

    @Test
    void showsAptsOwnErrorsWhenItKnowsNoBetter() {
        MachineException failure =
                failure(
                        100,
                        "Setting up x\nE: Something new\ndpkg: error processing package y (--configure):\n");
        assertThat(failure.sentence())
                .isEqualTo(
                        "apt could not install docker.io: E: Something new; dpkg: error processing package y (--configure):");
        assertThat(failure.hint())
                .isEqualTo(
                        "see /var/log/machine-install.log on the node; `machine provision n1` then goes on from here");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.ERROR);
    }

    private static String sentence(int status, String log) {
        return failure(status, log).sentence();
    }

    private static MachineException failure(int status, String log) {
        return InstallFailure.of("n1", List.of("docker.io"), Duration.ofSeconds(600), status, log);
    }
}
