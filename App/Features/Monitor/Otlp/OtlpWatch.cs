namespace BlazorAdmin.Features.Monitor.Otlp;

/// <summary>Notes the answers of the collector.</summary>
internal sealed class OtlpWatch(OtlpState state) : DelegatingHandler(new HttpClientHandler())
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => Note(() => base.Send(request, cancellationToken));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Note(await base.SendAsync(request, cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            state.Refused(exception.Message);
            throw;
        }
    }

    private HttpResponseMessage Note(Func<HttpResponseMessage> send)
    {
        try
        {
            return Note(send());
        }
        catch (HttpRequestException exception)
        {
            state.Refused(exception.Message);
            throw;
        }
    }

    private HttpResponseMessage Note(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode) state.Succeeded();
        else state.Refused($"The collector answered {(int)answer.StatusCode}.");
        return answer;
    }
}
