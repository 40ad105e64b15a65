using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PledgeTracker.Health;

namespace PledgeTracker;

/// <summary>Who sees what the server does: nobody, unless a setting or the usual variables of OpenTelemetry (`OTEL_*`) ask for it. No query, no body and no key is told.</summary>
internal static class Telemetry
{
    private const string Prometheus = "/metrics";

    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", Measures.Name];

    public static void AddTelemetry(this IServiceCollection services, Settings settings)
    {
        if (!(settings.Prometheus || settings.SendsMetrics || settings.SendsTraces))
        {
            return;
        }

        // What the environment says of the service goes before what we say.
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("pledgetracker", serviceVersion: GetVersion.Number).AddEnvironmentVariableDetector());
        if (settings.Prometheus || settings.SendsMetrics)
        {
            telemetry.WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters);
                if (settings.Prometheus)
                {
                    metrics.AddPrometheusExporter();
                }

                if (settings.SendsMetrics)
                {
                    metrics.AddOtlpExporter();
                }
            });
        }

        if (settings.SendsTraces)
        {
            telemetry.WithTracing(traces => traces.AddSource(Measures.Name).AddOtlpExporter().AddAspNetCoreInstrumentation(requests =>
            {
                // Whoever watches asks every few seconds.
                requests.Filter = context => !context.Request.Path.StartsWithSegments("/health") && context.Request.Path != Prometheus;
                // The line of the log and the problem document name it, too.
                requests.EnrichWithHttpResponse = (span, response) => span.SetTag("request.id", response.HttpContext.TraceIdentifier);
            }));
        }
    }

    public static void MapTelemetry(this WebApplication app, Settings settings)
    {
        if (settings.Prometheus)
        {
            app.MapPrometheusScrapingEndpoint(Prometheus).WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
        }
    }
}
