package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.machine.swarm.engine.Platform;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributionAnswerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static KnownPlatforms of(int status, String body) throws Exception {
        return DistributionAnswer.of(status, JSON.readTree(body));
    }

    /** E8: builders add attestations to a list, with the platform {@code unknown/unknown}. */
    @Test
    void attestationsAreNoPlatforms() throws Exception {
        String attestation = "{\"os\":\"unknown\",\"architecture\":\"unknown\"}";
        String amd64 = "{\"os\":\"linux\",\"architecture\":\"amd64\"}";
        assertThat(of(200, "{\"Platforms\":[" + amd64 + "," + attestation + "]}"))
                .isEqualTo(new KnownPlatforms.Platforms(Set.of(Platform.parse("linux/amd64"))));
        assertThat(of(200, "{\"Platforms\":[" + attestation + "]}"))
                .isEqualTo(KnownPlatforms.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "200, , true",
        "404, manifest unknown, true",
        "429, toomanyrequests: limit, true",
        "500, denied: requested access to the resource is denied, true",
        "500, toomanyrequests: You have reached your pull rate limit, true",
        "500, dial tcp: i/o timeout, false",
        "503, , false"
    })
    void theAnswerOfARegistryIsToldFromAnEnginesOwnFailure(
            int status, String message, boolean ofRegistry) {
        assertThat(DistributionAnswer.isOfRegistry(status, message == null ? "" : message))
                .isEqualTo(ofRegistry);
    }

    /** A limit says nothing of whether there is such an image. */
    @Test
    void aRateLimitIsNotAMissingImage() throws Exception {
        String denied = "{\"message\":\"toomanyrequests: access denied, limit reached\"}";
        assertThat(of(500, denied)).isEqualTo(KnownPlatforms.UNKNOWN);
    }
}
