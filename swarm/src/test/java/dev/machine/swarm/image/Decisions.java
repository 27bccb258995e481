package dev.machine.swarm.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.swarm.engine.Platform;

/** Makes decisions with fuzzed settings, for two platforms. */
final class Decisions {
    private Decisions() {}

    static void ask(ImageSettings settings, String typed) {
        ImageName name = ImageName.parse(typed);
        if (name == null) {
            return;
        }
        ImageDecision decision = new ImageDecision(settings, typed, name, null, true);
        for (String platform : new String[] {"linux/arm/v7", "linux/amd64"}) {
            ImageNode node = new ImageNode("node", Platform.parse(platform));
            assertThat(decision.questions(node.platform())).isNotNull();
            assertThat(decision.names(node.platform())).isNotEmpty();
            assertThat(decision.on(node, any -> new KnownPlatforms.Unknown())).isNotNull();
        }
    }
}
