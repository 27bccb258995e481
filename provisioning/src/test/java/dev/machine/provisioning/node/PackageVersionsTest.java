package dev.machine.provisioning.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackageVersionsTest {
    @Test
    void readsWhatAptHas() {
        assertThat(
                        PackageVersions.parse(
                                """
                                 docker-ce | 5:20.10.25-1~debian.12~bookworm | http://rack/docker bookworm/stable amd64 Packages
                                 docker-ce | 5:20.10.24-1~debian.12~bookworm | http://rack/docker bookworm/stable amd64 Packages
                                """))
                .containsExactly(
                        "5:20.10.25-1~debian.12~bookworm", "5:20.10.24-1~debian.12~bookworm");
    }
}
