package dev.machine.swarm.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.swarm.match.MatchBudget;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    @ParameterizedTest
    @CsvSource({
        "provider==aiyara, aiyara, true",
        "provider==aiyara, aiyara2, false",
        "provider==aiyara*, aiyara2, true",
        "provider==a*a, aiyara, true",
        "provider==a.yara, aiyara, false",
        "provider==/yar/, aiyara, true",
        "provider==/^yar/, aiyara, false",
        "provider==~aiyara, aiyara, true",
        "node==/rack-[12]-.*/, rack-3-node, false",
        "node==*, '', true",
        "node==/^[[:alpha:]]+$/, board, true",
        "node==/^[[:alpha:]]+$/, board1, false",
        "node==/a.b/, a+b, true",
        "node==a+b*, a+bc, true",
        "node==a+b*, aabc, false",
        "image==debian:12, debian:12, true"
    })
    void matchesByTextByStarAndByRegularExpression(String text, String candidate, boolean fits) {
        assertThat(Expression.parse(text, new MatchBudget()).matches(candidate)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "node=x|One of operator ==, != is expected",
                "==x|Key '' is invalid",
                "n==x|Key 'n' is invalid",
                "1node==x|Key '1node' is invalid",
                "node==|Value '' is invalid",
                "node==a,b|Value 'a,b' is invalid",
                "node==/(/|Value '/(/' is invalid: missing closing ): ("
            })
    void refusesAnInvalidExpressionWithClassicSwarmsMessage(String text, String words) {
        assertThatThrownBy(() -> Expression.parse(text, new MatchBudget()))
                .isInstanceOfSatisfying(
                        SchedulingException.class,
                        e -> assertThat(e.kind()).isEqualTo(SchedulingException.Kind.INVALID))
                .hasMessage(words);
    }

    @ParameterizedTest
    @CsvSource({"a1==~x, true, false", "a1!=~x, true, true", "a1==x, false, false"})
    void knowsTildeAndNegation(String text, boolean soft, boolean negated) {
        Expression expression = Expression.parse(text, new MatchBudget());
        assertThat(expression.soft()).isEqualTo(soft);
        assertThat(expression.negated()).isEqualTo(negated);
        assertThat(expression).hasToString(text);
    }
}
