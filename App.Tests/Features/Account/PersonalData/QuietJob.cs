using BlazorAdmin.Features.Jobs;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Features.Account.PersonalData;

/// <summary>A run of a handler that nobody follows.</summary>
internal sealed class QuietJob : JobContext
{
    public override long JobId => 0;

    public override int Attempt => 1;

    public override string IdempotencyKey => "test";

    public override void Progress(double percent, string? message = null)
    {
        // Nobody looks.
    }

    public override void Log(LogLevel level, string message)
    {
        // Nobody looks.
    }
}
