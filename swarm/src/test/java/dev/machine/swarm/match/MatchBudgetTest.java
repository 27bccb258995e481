package dev.machine.swarm.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.LinearPattern;
import dev.machine.swarm.match.MatchBudget.SpentException;
import org.junit.jupiter.api.Test;

class MatchBudgetTest {
    private final LinearPattern pattern = LinearPattern.of("a+b");

    @Test
    void matchesUntilItIsSpent() {
        long cost = pattern.cost("xaab");
        MatchBudget budget = new MatchBudget(2 * cost);
        assertThat(budget.found(pattern, "xaab")).isTrue();
        assertThat(budget.found(pattern, "xaac")).isFalse();
        assertThatThrownBy(() -> budget.found(pattern, "xaab"))
                .isInstanceOf(SpentException.class)
                .hasMessage("the patterns of this request are too expensive: a+b");
    }
}
