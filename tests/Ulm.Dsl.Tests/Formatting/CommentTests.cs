namespace Ulm.Dsl.Tests.Formatting;

public class CommentTests
{
    [Theory]
    [InlineData("# only this", "# only this\n")]
    [InlineData("\n\n#one  \n\n\n  # two\t\n#\n", "#one\n\n# two\n#\n")]
    [InlineData("# about a\nat 20:00 balance # behind a\n# about b\nat 21:00 balance", "# about a\nat 20:00 balance  # behind a\n# about b\nat 21:00 balance\n")]
    [InlineData("at 20:00 balance\n    # at the end", "at 20:00 balance\n# at the end\n")]
    [InlineData("at 20:00 balance\n\n\n# apart\n\n\nat 21:00 balance", "at 20:00 balance\n\n# apart\n\nat 21:00 balance\n")]
    [InlineData("at 20:00 consolidate at 21:00 balance # of both", "at 20:00 consolidate\nat 21:00 balance  # of both\n")]
    [InlineData("at 20:00 balance#close", "at 20:00 balance  #close\n")]
    [InlineData("at 20:00 balance # one\r# two\r\nat 21:00 balance", "at 20:00 balance  # one\n# two\nat 21:00 balance\n")]
    [InlineData("never migrate vm named \"#1\" # \"two\" # three", "never migrate vm named \"#1\"  # \"two\" # three\n")]
    public void A_comment_between_sentences_keeps_its_place(string text, string expected) => Assert.Equal(expected, Formatted.Text(text));

    [Fact]
    public void Comments_behind_neighbouring_lines_stand_in_one_column() => Assert.Equal(
        """
        at 20:00 balance      # one
        at 20:30 consolidate  # two
        at 21:00 balance

        policy night
          at 20:00, 22:00 weekdays              # three
          consolidate and power off idle hosts  # four
          cooldown 1h

        """,
        Formatted.Text(
            "at 20:00 balance # one\nat 20:30 consolidate  # two\nat 21:00 balance\n" +
            "policy night at 20:00, 22:00 weekdays # three\nconsolidate and power off idle hosts     # four\ncooldown 1h"));

    [Fact]
    public void A_comment_within_a_sentence_stays_with_the_word_before_or_after_it() => Assert.Equal(
        """
        # above the rule
        policy p  # behind its name
          # above the trigger
          when host.cpu > 75%  # behind a comparison
            # above the next
            # in two lines
            and host.load  # behind a word
              > 4
          then balance
            # above the second action
            and consolidate
          cooldown  # before its duration
            1h      # at the end

        """,
        Formatted.Text(
            "# above the rule\npolicy p # behind its name\n\n# above the trigger\nwhen host.cpu > 75% # behind a comparison\n\n# above the next\n\n# in two lines\n" +
            "and host.load # behind a word\n> 4 then balance\n# above the second action\nand consolidate cooldown # before its duration\n1h # at the end"));

    [Fact]
    public void A_comment_within_a_bare_sentence_breaks_it_at_its_clauses() => Assert.Equal(
        """
        when host.cpu > 75%  # high
          then balance

        never migrate  # ever
          vm db

        """,
        Formatted.Text("when host.cpu > 75% # high\nthen balance\nnever migrate # ever\nvm db"));

    [Fact]
    public void A_comment_within_a_list_or_parentheses_is_no_reason_to_lose_it() => Assert.Equal(
        """
        at 20:00,  # early
            22:00  # late
          balance

        let a = (
            # why
            host.cpu > 1%
          or host.load > 2  # enough
            )

        """,
        Formatted.Text("at 20:00, # early\n22:00 # late\nbalance\nlet a = (\n# why\nhost.cpu > 1% or host.load > 2 # enough\n)"));
}
