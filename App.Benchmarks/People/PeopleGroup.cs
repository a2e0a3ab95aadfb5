using BlazorAdmin.Benchmarks.Figures;
using BlazorAdmin.Benchmarks.Jobs;

namespace BlazorAdmin.Benchmarks.People;

/// <summary>Lists of people and of the audit at the size of a large organisation, on the portal's own database server.</summary>
/// <param name="rows">Rows of the audit.</param>
public sealed class PeopleGroup(int rows) : IFigureGroup
{
    public string Name => "people";

    public async Task RunAsync(FigureSink sink, CancellationToken cancellation)
    {
        await using var server = await JobsServer.StartAsync(cancellation);
        var database = await server.CreateAsync("bench_people", cancellation);
        await PeopleRows.FillUsersAsync(database, sink, cancellation);
        if (sink.Wants("people.users")) await UserFigures.MeasureAsync(sink, server, database, cancellation);
        if (sink.Wants("people.audit"))
        {
            await PeopleRows.FillAuditAsync(database, sink, rows, cancellation);
            await AuditFigures.MeasureAsync(sink, server, database, rows, cancellation);
        }
    }
}
