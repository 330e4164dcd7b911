export { default as reason } from '$catalog/ru/reason.json'
export { default as problem } from '$catalog/ru/problem.json'
export { default as technology } from '$catalog/ru/technology.json'
export { default as capture } from '$catalog/ru/capture.json'
