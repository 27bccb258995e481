package dev.machine.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What an owner has on a node is there afterwards: packages that conflict, files that are links.
 */
@Tag("lab")
class OwnerFilesTest {
    private static final String BARE = "owner-bare";
    private static final String BARE_ADDRESS = "10.38.0.11";
    private static final String ENGINE = "owner-engine";
    private static final String ENGINE_ADDRESS = "10.38.0.12";
    private static final String LEAVE = "--allow-package-changes";

    /** One that says that it conflicts, and one that has a program of the engine's and does not. */
    private static final String PACKAGES =
            """
            cd /root; mkdir -p d/DEBIAN d/usr/bin d/etc/podman-docker e/DEBIAN e/usr/bin
            printf 'Package: podman-docker\\nVersion: 4.3.1-1\\nArchitecture: all\\nMaintainer: o <o@example.org>\\nConflicts: docker.io\\nDescription: docker by podman\\n' >d/DEBIAN/control
            echo /etc/podman-docker/nodocker >d/DEBIAN/conffiles; echo default >d/etc/podman-docker/nodocker
            printf '#!/bin/sh\\n' >d/usr/bin/docker; chmod 755 d/usr/bin/docker; cp d/usr/bin/docker e/usr/bin/ctr
            printf 'Package: my-ctr\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: o <o@example.org>\\nDescription: a program of mine\\n' >e/DEBIAN/control
            for tree in d e; do dpkg-deb -b --root-owner-group $tree $tree.deb; dpkg -i $tree.deb; done; rm -rf d e *.deb
            echo mine >/etc/podman-docker/nodocker; chmod 640 /etc/podman-docker/nodocker; apt-mark auto my-ctr
            mkdir -m 700 /srv/etc-docker; rmdir /etc/docker; ln -s ../srv/etc-docker /etc/docker
            """;

    /** Read as Go reads it: a mark, a key twice, and nothing that is not there for others. */
    private static final String CONFIGURATION =
            "\\357\\273\\277{ \"log-driver\":\"json-file\", \"debug\":true, \"debug\":null,\\n"
                    + " \"insecure-registries\": [\"%1$s\"], \"log-opts\":{\"max-size\":\"7m\"},\"log-opts\":{\"max-file\":\"2\"}}\\n";

    /**
     * As they are written for printf, and whether dockerd takes them; DaemonJsonTest says the same.
     */
    private static final List<String> VERDICTS =
            List.of(
                    "yes ",
                    "yes null",
                    "yes \\302\\240\\n",
                    "yes \\376\\377\\000{\\000}",
                    "yes \\357\\273\\277",
                    "yes {\"debug\":true,\"debug\":null}",
                    "yes {\"labels\":[\"a=1\"],\"labels\":null}",
                    "no {\"Debug\":true}",
                    "no {} {}",
                    "no {\"debug\":true,}",
                    "no {\"mtu\":01}",
                    "no {\"debug\":true} // why",
                    "no []",
                    "no {\"labels\":\"a=b\"}",
                    "no {\"labels\":[null]}");

    @RegisterExtension
    static final Nodes NODES =
            Nodes.of(BARE, BARE_ADDRESS).and(ENGINE, ENGINE_ADDRESS, "--engine", "--os", "trixie");

    private static Machine user;

    @BeforeAll
    static void aUser() {
        user = Machine.mirrored();
    }

    @AfterAll
    static void away() {
        user.close();
    }

    @Test
    void packagesGoOnlyByLeaveAndComeBack() {
        OnNode node = new OnNode(BARE);
        node.sh(PACKAGES);
        Disk before = Disk.of(node);

        Output refused = user.create(BARE, BARE_ADDRESS).exits(3);
        assertThat(refused.err())
                .contains(
                        "to install docker.io, apt would remove my-ctr 1.0, and remove podman-docker 4.3.1-1",
                        LEAVE,
                        "nothing was changed on the node");
        assertThat(Disk.of(node).lines()).isEqualTo(before.lines());
        Output plan = user.create(BARE, BARE_ADDRESS, "--dry-run", LEAVE);
        assertThat(plan.exits(0).all()).contains("remove podman-docker 4.3.1-1");
        assertThat(Disk.of(node).lines()).isEqualTo(before.lines());

        Output made = user.create(BARE, BARE_ADDRESS, LEAVE).exits(0);
        assertThat(made.err()).contains("Unpacking docker.io").doesNotContain("Reading database");
        assertThat(node.sh("readlink /etc/docker; stat -c %a /srv/etc-docker"))
                .isEqualTo("../srv/etc-docker\n700");
        Output gone = user.run("rm", "-y", "--purge", BARE).exits(0);
        assertThat(gone.err()).contains("install my-ctr 1.0, podman-docker 4.3.1-1 again");

        assertThat(
                        node.sh(
                                "dpkg --audit; apt-mark showauto my-ctr; cat /etc/podman-docker/nodocker"))
                .isEqualTo("my-ctr\nmine");
        // dpkg's own books of the two are written anew.
        assertThat(without(Disk.of(node), "/var/lib/dpkg/"))
                .isEqualTo(without(before, "/var/lib/dpkg/"));
    }

    @Test
    void linksStayLinksAndPrivateFilesPrivate() {
        OnNode node = new OnNode(ENGINE);
        String registry = Lab.value("LAB_GATEWAY") + ":5000";
        node.sh(
                "mkdir /srv/conf; cd /srv/conf; printf '%s' >daemon.json; echo theirs >ca.pem; chmod 600 daemon.json; chmod 640 ca.pem; chown daemon ca.pem"
                                .formatted(CONFIGURATION.formatted(registry))
                        + "; ln -s ../../srv/conf/daemon.json /etc/docker/daemon.json; ln -s /srv/conf/ca.pem /etc/docker/ca.pem"
                        + "; systemctl restart docker; docker run -d --name keep %s/library/debian sleep 100000"
                                .formatted(registry));
        String keep = node.container("keep");
        assertThat(keep).startsWith("true ");
        Disk before = Disk.of(node);

        user.create(ENGINE, ENGINE_ADDRESS).ok();

        assertThat(
                        node.sh(
                                "readlink /etc/docker/daemon.json /etc/docker/ca.pem; cd /srv/conf; stat -c '%a %U' daemon.json ca.pem"))
                .isEqualTo("../../srv/conf/daemon.json\n/srv/conf/ca.pem\n600 root\n640 daemon");
        assertThat(Record.parse(node.sh("cat /srv/conf/daemon.json")).path("log-opts").toString())
                .isEqualTo("{\"max-size\":\"7m\",\"max-file\":\"2\"}");
        assertThat(node.container("keep")).isEqualTo(keep);
        assertThat(user.run("provision", ENGINE).exits(0).err()).contains("(0 changes)");
        user.run("rm", "-y", "--purge", ENGINE).ok();
        assertThat(node.container("keep")).isEqualTo(keep);
        assertThat(Disk.of(node).lines()).isEqualTo(before.lines());

        node.sh("ln -sfn /mnt/usb/daemon.json /etc/docker/daemon.json");
        assertThat(user.create(ENGINE, ENGINE_ADDRESS).exits(3).err())
                .contains(
                        "/etc/docker/daemon.json is a link to /mnt/usb/daemon.json, which is not there");
        node.sh("ln -sfn ../../srv/conf/daemon.json /etc/docker/daemon.json");
        assertThat(node.container("keep")).isEqualTo(keep);
    }

    @Test
    void theVerdictsOfTheUnitTestsAreThoseOfTheEngine() {
        StringBuilder script = new StringBuilder("cd /root\n");
        for (String verdict : VERDICTS) {
            script.append(
                    "printf '%s' >v.json; if dockerd --validate --config-file=v.json >/dev/null 2>&1; then echo yes; else echo no; fi\n"
                            .formatted(verdict.substring(verdict.indexOf(' ') + 1)));
        }
        assertThat(new OnNode(ENGINE).sh(script + "rm v.json").lines().toList())
                .isEqualTo(VERDICTS.stream().map(it -> it.split(" ")[0]).toList());
    }

    private static List<String> without(Disk disk, String folder) {
        return disk.lines().stream().filter(line -> !line.contains(folder)).toList();
    }
}
