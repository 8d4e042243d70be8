using Dapper;
using Microsoft.Data.Sqlite;
using Ulm.Engine.Journal;

namespace Ulm.Server.Store;

/// <summary>Who may act. A transaction of SQLite has the whole file for itself from its beginning, so that what is read here is so until it is over.</summary>
internal static class LeaseTable
{
    public static Lease Ask(SqliteConnection connection, LeaseWish wish)
    {
        using var transaction = connection.BeginTransaction();
        var after = Lease.After(Read(connection, wish.Scope, transaction), wish);
        connection.Execute(
            "insert into lease (scope, holder, token, until) values (@Scope, @Holder, @Token, @until) on conflict (scope) do update set holder = @Holder, token = @Token, until = @until",
            new { after.Scope, after.Holder, after.Token, until = after.Until.UtcTicks }, transaction);
        transaction.Commit();
        return after;
    }

    /// <exception cref="LeaseLostException">The fence is of another time than the lease.</exception>
    public static void Guard(SqliteConnection connection, Fence? fence, SqliteTransaction transaction)
    {
        if (fence is not null) Lease.Guard(Read(connection, fence.Scope, transaction), fence);
    }

    private static Lease? Read(SqliteConnection connection, string scope, SqliteTransaction transaction) =>
        connection.QueryFirstOrDefault<(string Holder, long Token, long Until)>("select holder, token, until from lease where scope = @scope", new { scope }, transaction) is { Holder: not null } row
            ? new Lease(scope, row.Holder, row.Token, Ticks.ToTime(row.Until)) : null;
}
