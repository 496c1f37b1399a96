//! The running server: addresses, layers, the web app, and how it stops.

use std::{net::SocketAddr, sync::Arc};

use actix_web::{
    App as Web, HttpRequest, HttpResponse, HttpServer,
    dev::{ResourceDef, Server, ServerHandle},
    http::{Method, header},
    middleware::from_fn,
    rt,
    web::{self, Data},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use utoipa_actix_web::AppExt;

use crate::{
    Error, Result,
    app::App,
    features::web_app::Shell,
    openapi, routes,
    spine::{http, tls},
    worker,
};

/// A server that listens.
pub struct Running {
    /// To be awaited until the server has stopped.
    pub server: Server,
    /// Plain HTTP.
    pub http: Option<SocketAddr>,
    /// HTTPS.
    pub https: Option<SocketAddr>,
    /// Measurements.
    pub metrics: Option<SocketAddr>,
    worker: worker::Running,
    measurements: Option<ServerHandle>,
}

impl Running {
    /// Serves until it is told to stop; requests under way are finished, streams are told to come back.
    pub async fn run(self) -> std::io::Result<()> {
        let Self {
            server,
            worker,
            measurements,
            ..
        } = self;
        let outcome = server.await;
        worker.stop().await;
        if let Some(measurements) = measurements {
            measurements.stop(false).await;
        }
        outcome
    }
}

/// Every address of the interface, with its methods: for telling 405 from 404.
#[derive(Clone)]
struct Addresses(Arc<Vec<(ResourceDef, Vec<Method>)>>);

/// Binds the addresses and starts serving.
pub fn start(app: Data<App>) -> Result<Running> {
    let config = app.config.clone();
    let document = Data::new(openapi::document());
    let addresses = Addresses(Arc::new(openapi::addresses(&document)));
    let state = app.clone();
    let shell = Arc::new(Shell::load(&config.web_dir, config.demo_file.as_deref()));
    let factory = move || {
        let (web, _) = Web::new()
            .into_utoipa_app()
            .app_data(state.clone())
            .app_data(document.clone())
            .app_data(web::PathConfig::default().error_handler(|_, _| Error::NotFound.into()))
            .configure(routes::configure)
            .split_for_parts();
        let (addresses, shell) = (addresses.clone(), shell.clone());
        web.default_service(web::to(move |request: HttpRequest| {
            let answer = shell
                .answer(&request)
                .unwrap_or_else(|| nothing_here(&request, &addresses));
            async move { answer }
        }))
        .wrap(from_fn(http::around))
    };
    let mut server = HttpServer::new(factory)
        .workers(config.workers)
        .tcp_nodelay(true)
        .shutdown_timeout(20)
        .client_request_timeout(std::time::Duration::from_secs(15))
        .disable_signals();
    if let Some(addr) = config.http_addr {
        server = server.bind(addr).map_err(Error::internal)?;
    }
    if let Some(addr) = config.https_addr {
        let given = config
            .tls
            .as_ref()
            .map(|(certificate, key)| (certificate.as_path(), key.as_path()));
        let tls = tls::server_config(&config.data_dir, given)?;
        server = server
            .bind_rustls_0_23(addr, tls)
            .map_err(Error::internal)?;
    }
    let bound = server.addrs_with_scheme();
    let of = |scheme: &str| {
        bound
            .iter()
            .find(|(_, s)| *s == scheme)
            .map(|(addr, _)| *addr)
    };
    let (http, https) = (of("http"), of("https"));
    let (measurements, metrics) = measurements(config.metrics_addr)?;
    let worker = worker::start(app)?;
    Ok(Running {
        server: server.run(),
        http,
        https,
        metrics,
        worker,
        measurements,
    })
}

/// 405 with the methods that exist, or 404.
fn nothing_here(request: &HttpRequest, addresses: &Addresses) -> HttpResponse {
    let known = addresses
        .0
        .iter()
        .filter(|(path, _)| path.is_match(request.path()));
    let methods: Vec<&str> = known
        .flat_map(|(_, methods)| methods.iter().map(Method::as_str))
        .collect();
    if methods.is_empty() {
        return HttpResponse::from_error(Error::NotFound);
    }
    let mut answer = HttpResponse::from_error(Error::MethodNotAllowed);
    if let Ok(value) = header::HeaderValue::from_str(&methods.join(", ")) {
        answer.headers_mut().insert(header::ALLOW, value);
    }
    answer
}

/// The measurements, on their own loopback address.
fn measurements(addr: Option<SocketAddr>) -> Result<(Option<ServerHandle>, Option<SocketAddr>)> {
    let Some(addr) = addr else {
        return Ok((None, None));
    };
    // A process that already has a recorder (several servers in one test process) keeps that one.
    let handle: Option<PrometheusHandle> = PrometheusBuilder::new()
        .set_buckets(&[
            0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0,
        ])
        .map_err(Error::internal)?
        .install_recorder()
        .ok();
    let server = HttpServer::new(move || {
        let handle = handle.clone();
        Web::new().default_service(web::to(move || {
            let text = handle
                .as_ref()
                .map(PrometheusHandle::render)
                .unwrap_or_default();
            async move {
                HttpResponse::Ok()
                    .content_type("text/plain; version=0.0.4")
                    .body(text)
            }
        }))
    })
    .workers(1)
    .disable_signals()
    .bind(addr)
    .map_err(Error::internal)?;
    let bound = server.addrs().first().copied();
    let server = server.run();
    let handle = server.handle();
    rt::spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the measurements are no longer served");
        }
    });
    Ok((Some(handle), bound))
}
