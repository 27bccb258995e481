package dev.machine.swarm.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.machine.swarm.match.MatchBudget;
import dev.machine.swarm.match.MatchBudget.SpentException;
import java.util.Map;

/** Constraints and affinities: the first line is the expression, the rest is the text to match. */
class ExpressionFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void isReadAndHeldAgainstAnyText(byte[] input) {
        String text = new String(input, UTF_8);
        int end = text.indexOf('\n');
        String written = end < 0 ? text : text.substring(0, end);
        String candidate = end < 0 ? "rack-1-node-4" : text.substring(end + 1);
        try {
            Expression expression = Expression.parse(written, new MatchBudget());
            assertThat(expression.toString()).isEqualTo(written);
            boolean fits = expression.matches(candidate);
            assertThat(expression.matchesKey(Map.of(candidate, ""))).isEqualTo(fits);
        } catch (SchedulingException e) {
            assertThat(e.kind()).isEqualTo(SchedulingException.Kind.INVALID);
        } catch (SpentException e) {
            assertThat(e).hasMessageContaining("too expensive");
        }
    }
}
