package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
    private static final String DIGEST =
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "debian,docker.io/library/debian:latest,debian:latest,debian",
        "debian:12,docker.io/library/debian:12,debian:12,debian:12",
        "library/debian,docker.io/library/debian:latest,debian:latest,debian",
        "docker.io/library/debian:latest,docker.io/library/debian:latest,debian:latest,debian:latest",
        "docker.io/debian,docker.io/library/debian:latest,debian:latest,debian",
        "index.docker.io/library/debian,docker.io/library/debian:latest,debian:latest,debian",
        "aiyara/debian:latest.arm,docker.io/aiyara/debian:latest.arm,aiyara/debian:latest.arm,aiyara/debian:latest.arm",
        "hello-world,docker.io/library/hello-world:latest,hello-world:latest,hello-world",
        "a__b/c--d.e,docker.io/a__b/c--d.e:latest,a__b/c--d.e:latest,a__b/c--d.e",
        "localhost/x,localhost/x:latest,localhost/x:latest,localhost/x",
        "hub:5000/a/b/c:1,hub:5000/a/b/c:1,hub:5000/a/b/c:1,hub:5000/a/b/c:1",
        "[fd00::1]:5000/a,[fd00::1]:5000/a:latest,[fd00::1]:5000/a:latest,[fd00::1]:5000/a",
        "ghcr.io/a/b,ghcr.io/a/b:latest,ghcr.io/a/b:latest,ghcr.io/a/b",
    })
    void knowsEveryFormOfAName(String text, String canonical, String familiar, String shown) {
        ImageName name = ImageName.parse(text);
        assertThat(name).isNotNull();
        assertThat(name.canonical()).isEqualTo(canonical);
        assertThat(name.familiar()).isEqualTo(familiar);
        assertThat(name.shown()).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"debian@", "docker.io/library/debian@", "debian:12@"})
    void aDigestSaysMoreThanATag(String text) {
        ImageName name = ImageName.parse(text + DIGEST);
        assertThat(name).isNotNull();
        assertThat(name.familiar()).isEqualTo("debian@" + DIGEST);
        assertThat(name.digest()).isEqualTo(DIGEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Debian",
                "a//b",
                "-a",
                "a:",
                "a:b:c",
                "a b",
                "a@sha256:00",
                "hub:x/a",
                "../a",
                "a?x=y",
                "<none>:<none>",
                DIGEST
            })
    void takesNothingElseForAName(String text) {
        assertThat(ImageName.parse(text)).isNull();
        assertThat(ImageName.familiar(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "debian,debian:latest,true",
        "docker.io/library/debian,debian:latest,true",
        "index.docker.io/library/debian:12,debian:12,true",
        "localhost:5000/a,localhost:5000/a:latest,true",
        "library/debian,aiyara/debian,false",
    })
    void comparesAsPeopleMeanIt(String one, String other, boolean same) {
        assertThat(ImageName.same(one, other)).isEqualTo(same);
    }
}
