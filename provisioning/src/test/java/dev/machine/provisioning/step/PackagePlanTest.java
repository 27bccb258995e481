package dev.machine.provisioning.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PackagePlanTest {
    @Test
    void knowsAVersionInItsPackaging() {
        assertThat(PackagePlan.isVersion("20.10.24+dfsg1-1+deb12u1+b6", "20.10.24")).isTrue();
        assertThat(PackagePlan.isVersion("5:26.1.4-1~debian.12~bookworm", "26.1.4")).isTrue();
        assertThat(
                        PackagePlan.isVersion(
                                "5:26.1.4-1~debian.12~bookworm", "5:26.1.4-1~debian.12~bookworm"))
                .isTrue();
        assertThat(PackagePlan.isVersion("20.10.24+dfsg1-1", "20.10.2")).isFalse();
        assertThat(PackagePlan.isVersion("20.10.24", "20.10.24")).isTrue();
        assertThat(PackagePlan.isVersion("20.10.24", "20.10.25")).isFalse();
        assertThat(PackagePlan.isVersion("20.10", "20.10.24")).isFalse();
    }
}
