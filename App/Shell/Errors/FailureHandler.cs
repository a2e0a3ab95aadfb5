using BlazorAdmin.Security;
using Microsoft.AspNetCore.Diagnostics;

namespace BlazorAdmin.Shell.Errors;

/// <summary>An exception that nobody caught: logged with a reference number, which is all that the person is told of it.</summary>
public sealed class FailureHandler(ILogger<FailureHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case ReadOnlyException readOnly:
                await StatusPage.WriteAsync(httpContext, StatusCodes.Status403Forbidden, "ReadOnly" + readOnly.Reason);
                return true;
            case ForbiddenException forbidden:
                await StatusPage.WriteAsync(httpContext, forbidden.Permission is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden);
                return true;
            case BadHttpRequestException bad:
                await StatusPage.WriteAsync(httpContext, bad.StatusCode);
                return true;
        }

        var reference = ErrorReference.New();
        SecurityLog.RequestFailed(log, exception, httpContext.Request.Method, httpContext.Request.Path, reference);
        await StatusPage.WriteAsync(httpContext, StatusCodes.Status500InternalServerError, reference: reference);
        return true;
    }
}
