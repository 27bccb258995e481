package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
    @ValueSource(
            strings = {
                "a..b",
                "a___b",
                "a_.b",
                "a-",
                "a_",
                "/a",
                "a/",
                "a/-b",
                "a/b-/c",
                "hub.example:/a",
                "-hub.example/a",
                "hub-.example/a",
                "hub..example/a",
                "[fd00::1/a",
                "[]/a",
                "[fd00::g]/a",
                "a:-x",
                "a:.x",
                "a:b/c:",
                "a@b@" + DIGEST,
                "a@:00000000000000000000000000000000",
                "a@sha256-:00000000000000000000000000000000",
                "a@1a:00000000000000000000000000000000"
            })
    void whatDockersOwnGrammarRefuses(String text) {
        assertThat(ImageName.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.b",
                "a_b",
                "a__b",
                "a-b",
                "a----b",
                "hub/a",
                "Hub/a",
                "hub-1.example:5000/a/b__c/d",
                "a:_x.y-z",
                "a@a+b.c_d-e:0123456789abcdefABCDEF0123456789",
                "0",
                "127.0.0.1/a"
            })
    void whatDockersOwnGrammarTakes(String text) {
        assertThat(ImageName.parse(text)).isNotNull();
    }

    static Stream<String> hostile() {
        return Stream.of(
                "x@" + "a_a".repeat(30),
                "x@" + "a_a".repeat(300_000),
                "a/".repeat(4000) + "a",
                "a".repeat(2_000_000) + "!",
                "a_".repeat(100_000),
                "a-".repeat(120) + "!",
                "a.".repeat(120) + "/b",
                "a:".repeat(500),
                "x:" + "a".repeat(129),
                "a".repeat(256),
                "a.b/" + "a".repeat(256),
                "a".repeat(252) + ".b.c/a");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    @Timeout(5)
    void namesThatAreMadeToBeSlowAreFast(String text) {
        assertThat(ImageName.parse(text)).isNull();
        assertThat(ImageName.familiar(text)).isSameAs(text);
        assertThat(ImageName.problem(text)).startsWith("invalid reference format");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Debian|invalid reference format: repository name must be lowercase",
                "a//b|invalid reference format",
                "debian|",
            })
    void saysWhatIsWrongAsDockerDoes(String text, String problem) {
        assertThat(ImageName.problem(text)).isEqualTo(problem);
        assertThat(ImageName.problem("a".repeat(256) + ":1")).contains("not be more than 255");
        assertThat(ImageName.problem(DIGEST)).isNull();
    }

    @Test
    void theLongestValidPartsAreAccepted() {
        String domain = ("a".repeat(62) + ".").repeat(4) + "b";
        String name = domain + "/" + "p".repeat(255) + ":" + "t".repeat(128);
        assertThat(ImageName.parse(name + "@" + DIGEST)).isNotNull();
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
