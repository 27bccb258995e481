package dev.machine.common;

import java.util.Comparator;

/**
 * The order in which a person counts: runs of digits compare as numbers, so that node-2 comes
 * before node-11; all else by character. Names that differ in leading zeros only are ordered by
 * their text, so the order is total.
 */
public enum NaturalOrder implements Comparator<String> {
    INSTANCE;

    @Override
    public int compare(String left, String right) {
        int i = 0;
        int j = 0;
        while (i < left.length() && j < right.length()) {
            if (isDigit(left.charAt(i)) && isDigit(right.charAt(j))) {
                int leftEnd = endOfNumber(left, i);
                int rightEnd = endOfNumber(right, j);
                int byNumber = number(left, i, leftEnd, right, j, rightEnd);
                if (byNumber != 0) {
                    return byNumber;
                }
                i = leftEnd;
                j = rightEnd;
            } else if (left.charAt(i) != right.charAt(j)) {
                return Character.compare(left.charAt(i), right.charAt(j));
            } else {
                i++;
                j++;
            }
        }
        int byRest = Integer.compare(left.length() - i, right.length() - j);
        return byRest != 0 ? byRest : left.compareTo(right);
    }

    private static int number(
            String left, int leftStart, int leftEnd, String right, int rightStart, int rightEnd) {
        String a = left.substring(skipZeros(left, leftStart, leftEnd), leftEnd);
        String b = right.substring(skipZeros(right, rightStart, rightEnd), rightEnd);
        int byLength = Integer.compare(a.length(), b.length());
        return byLength != 0 ? byLength : a.compareTo(b);
    }

    private static int skipZeros(String text, int start, int end) {
        int i = start;
        while (i < end && text.charAt(i) == '0') {
            i++;
        }
        return i;
    }

    private static int endOfNumber(String text, int start) {
        int i = start;
        while (i < text.length() && isDigit(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
