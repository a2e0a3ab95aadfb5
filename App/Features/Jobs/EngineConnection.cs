using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs;

/// <summary>A connection that one loop of the engine keeps: taking one from the pool for each statement would cost a second round trip. Not for concurrent use.</summary>
internal sealed class EngineConnection(IDbContextFactory<AppDbContext> databases, IJobSql sql)
{
    private AppDbContext? _db;

    /// <returns>A context whose connection is open.</returns>
    public async Task<AppDbContext> OpenAsync(CancellationToken cancellation)
    {
        if (_db is not null && _db.Database.GetDbConnection().State == System.Data.ConnectionState.Open) return _db;
        await CloseAsync();
        var db = await databases.CreateDbContextAsync(cancellation);
        try
        {
            await db.Database.OpenConnectionAsync(cancellation);
            await sql.PrepareAsync(db.Database.GetDbConnection(), cancellation);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }

        return _db = db;
    }

    /// <summary>To be called after a failure: the next use opens a new one.</summary>
    public async Task CloseAsync()
    {
        var db = _db;
        _db = null;
        if (db is not null) await db.DisposeAsync();
    }
}
