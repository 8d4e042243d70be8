using Dapper;
using Microsoft.Data.Sqlite;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;

namespace Ulm.Server.Store;

/// <summary>Raw samples, kept for two days. Telemetry: losing the last second of it in a power cut is no harm, so it is not synced.</summary>
internal static class SampleTable
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    /// <summary>Names of which no sample is kept any more: VMs that are gone, attributes that no policy reads.</summary>
    public const string PruneSeries = "delete from series where not exists (select 1 from sample where sample.series = series.id)";

    private static readonly TimeSpan Mean = TimeSpan.FromMinutes(5);

    private const string Select =
        """
        select s.subject as Subject, max(x.at) as At, avg(x.value) as Value from series s join sample x on x.series = s.id
        where s.attribute = @attribute and x.at > @means and x.at <= @since group by s.id, x.at / @step
        union all
        select s.subject, x.at, x.value from series s join sample x on x.series = s.id where s.attribute = @attribute and x.at > @since
        """;

    public static IEnumerable<Measurement> Read(SqliteConnection connection, SampleWish wish) =>
        from row in connection.Query<(string Subject, long At, double Value)>(Select, new { attribute = wish.Attribute.Name, since = wish.Since.UtcTicks, means = wish.MeansSince.UtcTicks, step = Mean.Ticks })
        let name = row.Subject[(row.Subject.IndexOf('/') + 1)..]
        select new Measurement(new SubjectRef(wish.Attribute.Subject, name), wish.Attribute, Ticks.ToTime(row.At), row.Value);

    public static int Add(SqliteConnection connection, IReadOnlyList<Measurement> samples)
    {
        if (samples.Count == 0) return 0;
        connection.Execute("pragma synchronous = normal");
        try
        {
            using var transaction = connection.BeginTransaction();
            using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText =
                """
                insert into series (subject, attribute) values (@subject, @attribute) on conflict do nothing;
                insert or replace into sample (series, at, value)
                values ((select id from series where subject = @subject and attribute = @attribute), @at, @value)
                """;
            var (subject, attribute) = (insert.Parameters.Add("@subject", SqliteType.Text), insert.Parameters.Add("@attribute", SqliteType.Text));
            var (at, value) = (insert.Parameters.Add("@at", SqliteType.Integer), insert.Parameters.Add("@value", SqliteType.Real));
            foreach (var sample in samples)
            {
                (subject.Value, attribute.Value, at.Value, value.Value) = (sample.Subject.ToString(), sample.Attribute.Name, sample.At.UtcTicks, sample.Value);
                insert.ExecuteNonQuery();
            }

            connection.Execute("delete from sample where at < @oldest", new { oldest = (samples[0].At - Kept).UtcTicks }, transaction);
            transaction.Commit();
            return samples.Count;
        }
        finally
        {
            connection.Execute("pragma synchronous = full");
        }
    }
}
