package dev.machine.swarm.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.swarm.engine.Platform;
import dev.machine.swarm.engine.Platform.BadPlatformException;

/** Names of images and platforms, as clients, nodes and tables give them. */
class ImageNameFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void isReadBackAsItIsPrinted(byte[] input) {
        String text = new String(input, UTF_8);
        ImageName name = ImageName.parse(text);
        if (name != null) {
            ImageName again = ImageName.parse(name.canonical());
            assertThat(again).isNotNull();
            assertThat(again.canonical()).isEqualTo(name.canonical());
            assertThat(ImageName.familiar(name.canonical())).isEqualTo(name.familiar());
            assertThat(ImageName.familiar(name.familiar())).isEqualTo(name.familiar());
            assertThat(name.canonical()).matches("[!-~]+");
        }
        try {
            Platform platform = Platform.parse(text);
            assertThat(Platform.parse(platform.toString())).isEqualTo(platform);
            assertThat(platform.accepts(platform)).isTrue();
        } catch (BadPlatformException e) {
            assertThat(e).hasMessageContaining("is not a platform");
        }
    }
}
