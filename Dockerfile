# docker build -t pledgetracker .
# docker run -d --name pledgetracker -p 8080:8080 -v pledgetracker:/data pledgetracker
# docker exec pledgetracker dotnet /app/PledgeTracker.dll keys create --name First --role admin
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# What is restored changes rarely: a layer of its own.
COPY .editorconfig global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY src/PledgeTracker/PledgeTracker.csproj src/PledgeTracker/Runtime.props src/PledgeTracker/packages.lock.json src/PledgeTracker/
RUN dotnet restore src/PledgeTracker --locked-mode
COPY db db
COPY src src
RUN dotnet publish src/PledgeTracker -c Release -o /app --no-restore

FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /app /app
# A volume that is mounted here takes its owner from it.
RUN mkdir /data && chown "$APP_UID" /data
VOLUME /data
WORKDIR /data
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080
ENV Database__Connection="Data Source=/data/pledgetracker.db"
EXPOSE 8080
# There is no curl in it. Whether it can serve is asked at /health/ready; who is unhealthy here is started anew.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.1 200 ' <&3"]
ENTRYPOINT ["dotnet", "/app/PledgeTracker.dll"]
