using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BlazorAdmin.Tests.Data;

/// <summary>Does something once, right before the first statement that contains a text: what somebody else does in that moment, or a fault of the connection.</summary>
public sealed class BeforeStatement(string text, Func<Task> action) : DbCommandInterceptor
{
    private int _done;

    public bool IsDone => _done > 0;

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await Act(command);
        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await Act(command);
        return result;
    }

    private async Task Act(DbCommand command)
    {
        if (command.CommandText.Contains(text, StringComparison.Ordinal) && Interlocked.Exchange(ref _done, 1) == 0) await action();
    }
}
