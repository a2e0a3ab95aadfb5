namespace BlazorAdmin.Features.Monitor.Export;

/// <summary>Figures of one slice for <c>/metrics</c>. Asked for every scrape: it must neither wait nor read the database.</summary>
public interface IMetricsSource
{
    /// <summary>Writes whole families, each once; names in base units with the prefix <c>blazoradmin_</c>.</summary>
    void Write(PrometheusWriter writer);
}
