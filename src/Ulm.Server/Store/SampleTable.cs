using Dapper;
using Microsoft.Data.Sqlite;
using Ulm.Engine.Metrics;

namespace Ulm.Server.Store;

/// <summary>Raw samples, kept for two days. Telemetry: losing the last second of it in a power cut is no harm, so it is not synced.</summary>
internal static class SampleTable
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

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
