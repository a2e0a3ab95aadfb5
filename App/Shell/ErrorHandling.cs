using Microsoft.AspNetCore.Diagnostics;

namespace BlazorAdmin.Shell;

/// <summary>Gives an unhandled failure of a request its reference number before the error page shows it.</summary>
public sealed class ErrorHandling(ILogger<ErrorHandling> log) : IExceptionHandler
{
    public const string ReferenceItem = "error.reference";

    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var reference = ErrorReference.New();
        httpContext.Items[ReferenceItem] = reference;
        ShellLog.PageFailed(log, exception, httpContext.Request.Path, reference);
        return ValueTask.FromResult(false);
    }
}
