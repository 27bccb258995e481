package dev.machine.provisioning.step;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of steps, each on a {@link PlayedNode} of its own. */
public abstract class OnAPlayedNode {
    @TempDir protected Path folder;

    protected PlayedNode node;

    @BeforeEach
    void aBareNode() throws IOException {
        node = new PlayedNode(folder);
    }

    @AfterEach
    void close() {
        node.close();
    }
}
