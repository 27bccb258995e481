package dev.machine.swarm.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table in Redis, one field on each line as "NAME FIELD IMAGE": an image is chosen whatever it
 * holds.
 */
class ImageTableFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void givesAnImageWhateverItHolds(byte[] input) {
        Map<String, Map<String, String>> table = new HashMap<>();
        List<String> lines = new String(input, UTF_8).lines().limit(64).toList();
        for (String line : lines) {
            String[] words = line.split(" ", 3);
            if (words.length == 3) {
                table.computeIfAbsent(words[0], any -> new HashMap<>()).put(words[1], words[2]);
            }
        }
        ImageSettings settings = ImageSettings.NONE.with(table);
        Decisions.ask(settings, "debian:12");
        lines.stream().limit(4).forEach(line -> Decisions.ask(settings, line));
    }
}
