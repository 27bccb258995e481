package dev.machine.swarm.cluster;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Comparator;

/** Orders names as people count: node-2 before node-11. */
public final class NaturalOrder implements Comparator<String>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            if (Character.isDigit(a.charAt(i)) && Character.isDigit(b.charAt(j))) {
                int endA = digits(a, i);
                int endB = digits(b, j);
                int numbers =
                        new BigInteger(a.substring(i, endA))
                                .compareTo(new BigInteger(b.substring(j, endB)));
                if (numbers != 0) {
                    return numbers;
                }
                i = endA;
                j = endB;
            } else if (a.charAt(i) != b.charAt(j)) {
                return Character.compare(a.charAt(i), b.charAt(j));
            } else {
                i++;
                j++;
            }
        }
        int rest = Integer.compare(a.length() - i, b.length() - j);
        return rest != 0 ? rest : a.compareTo(b);
    }

    private static int digits(String text, int from) {
        int end = from;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
