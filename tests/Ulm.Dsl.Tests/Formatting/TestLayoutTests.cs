namespace Ulm.Dsl.Tests.Formatting;

public class TestLayoutTests
{
    [Fact]
    public void A_test_is_a_block_with_its_series_in_columns() => Assert.Equal(
        """
        policy relieve
          every 1h
          balance

        test "an overloaded host sheds load" {
          site "three-hosts.site.json"
          start 2026-01-05 19:30
          host h1 cpu:          50% x 10, 90% x 20, _ x 2, 40%
          host h12 memory.free: 4GiB
          host h2 munin["f.a"]: 1, 2

          at 5m host h3 fails
          at 15m expect nothing
          at 21m expect migrate vm web1 to host h2 by relieve

          never expect power off
        }

        always keep 1 host on

        """,
        Formatted.Text(
            "policy relieve every 1h balance test \"an overloaded host sheds load\"{site \"three-hosts.site.json\" start 2026-01-05 19:30\n" +
            "host h1 cpu: 50% x 10,90% x 20,_ x 2,40% host h12 memory.free :4GiB host h2 munin[ \"f.a\" ]:1,2\n\n\n" +
            "at 5m host h3 fails at 15m expect nothing\nat 21m expect migrate vm web1 to host h2 by relieve\n\nnever expect power off\n\n}always keep 1 host on"));

    [Fact]
    public void A_series_that_is_too_long_goes_on_in_its_column()
    {
        var values = string.Join(", ", Enumerable.Range(1, 25).Select(i => $"{i}%"));
        Assert.Equal(
            """
            test "x" {
              site "a"
              host h1 cpu: 1%, 2%, 3%, 4%, 5%, 6%, 7%, 8%, 9%, 10%, 11%, 12%, 13%, 14%, 15%, 16%, 17%, 18%, 19%,
                           20%, 21%, 22%, 23%, 24%, 25%
              at 5m expect nothing
            }

            """, Formatted.Text($"test \"x\" {{ site \"a\" host h1 cpu: {values} at 5m expect nothing }}"));
    }

    [Fact]
    public void No_series_waits_for_one_with_a_very_long_name() => Assert.Equal(
        """
        test "x" {
          site "a"
          host "the machine that stands under the stairs" cpu: 1%, 2%
          host h1 cpu:   3%
          host h100 cpu: 4%
          at 5m expect nothing
        }

        """,
        Formatted.Text("test \"x\" { site \"a\" host \"the machine that stands under the stairs\" cpu: 1%, 2% host h1 cpu: 3% host h100 cpu: 4% at 5m expect nothing }"));

    [Fact]
    public void Comments_stay_where_they_are_said() => Assert.Equal(
        """
        # above the test
        test "x" {  # behind the brace
          # above the site
          site "a"  # behind the site
          # above a series
          host h1 cpu:      # behind the colon
                       3%,  # behind a value
                       4%
          # above a moment

          # and another
          at 5m expect nothing  # behind it
          # before the brace
        }  # behind the test
        # at the end

        """,
        Formatted.Text(
            "# above the test\ntest \"x\" { # behind the brace\n# above the site\nsite \"a\" # behind the site\n# above a series\nhost h1 cpu: # behind the colon\n" +
            "3%, # behind a value\n4%\n# above a moment\n\n# and another\nat 5m expect nothing # behind it\n# before the brace\n} # behind the test\n# at the end"));
}
